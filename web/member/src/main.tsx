/** Where the member's pages begin. */
import { startWords, type Words } from '@regulars/shared/i18n'

await startWords(import.meta.glob<Words>('./*/words.*.json', { import: 'default' }))
