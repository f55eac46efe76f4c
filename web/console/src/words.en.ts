/** All words of the console in English, in one file: the menu alone needs those of each area. */
import type { Words } from '@regulars/shared/i18n'

export const WORDS = import.meta.glob<Words>('./*/words.en.json', {
  import: 'default',
  eager: true,
})
