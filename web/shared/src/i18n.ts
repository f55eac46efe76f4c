/** Words in both languages; each folder's are fetched when a page of it is opened. */
import i18next, { type ReadCallback } from 'i18next'
import { initReactI18next } from 'react-i18next'

import { keepLanguage, language, localeOf, type Language } from './languages'

export type Words = Record<string, unknown>
type Loaders = Record<string, () => Promise<Words>>

/** The words of a folder; none where it has none. */
type Find = (spoken: Language, folder: string) => Promise<Words | undefined>

const SHARED: Loaders = import.meta.glob<Words>('./words.*.json', { import: 'default' })

/** Begin with the words of `folders`: a glob of `./<folder>/words.<language>.json`, or what finds
 *  them. `first`: the folders whose words the first page needs at once. */
export async function startWords(folders: Loaders | Find, first: string[] = []): Promise<void> {
  document.documentElement.lang = localeOf(language())
  await i18next
    .use({
      type: 'backend' as const,
      read: (spoken: string, folder: string, told: ReadCallback) => {
        read(folders, spoken, folder).then(
          (words) => told(null, words),
          (error: unknown) => told(error instanceof Error ? error : String(error), false),
        )
      },
    })
    .use(initReactI18next)
    .init({
      lng: language(),
      fallbackLng: 'en',
      supportedLngs: ['en', 'zh'],
      ns: ['shared', ...first],
      defaultNS: 'shared',
      fallbackNS: 'shared',
      interpolation: { escapeValue: false },
      returnNull: false,
    })
}

/** Speak another language from now on, here and at the next visit. */
export async function speak(next: Language): Promise<void> {
  keepLanguage(next)
  document.documentElement.lang = localeOf(next)
  await i18next.changeLanguage(next)
}

async function read(folders: Loaders | Find, spoken: string, folder: string): Promise<Words> {
  const words = await find(folders, spoken === 'zh' ? 'zh' : 'en', folder)
  if (!words) throw new Error(`There are no words of ${folder} in ${spoken}.`)
  return words
}

async function find(
  folders: Loaders | Find,
  spoken: Language,
  folder: string,
): Promise<Words | undefined> {
  if (folder === 'shared') return await SHARED[`./words.${spoken}.json`]?.()
  if (typeof folders === 'function') return await folders(spoken, folder)
  const found = Object.entries(folders).find(([path]) =>
    path.endsWith(`/${folder}/words.${spoken}.json`),
  )
  return await found?.[1]()
}
