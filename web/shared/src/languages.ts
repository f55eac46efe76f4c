/** The two languages of the faces, and which one this reader wants. */
export type Language = 'en' | 'zh'

const KEPT = 'regulars.language'
let chosen: Language | undefined

/** The language of this reader: what they chose here, or what their browser speaks. */
export function language(): Language {
  chosen ??= kept() ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')
  return chosen
}

export function keepLanguage(next: Language): void {
  chosen = next
  try {
    localStorage.setItem(KEPT, next)
  } catch {
    // A browser that keeps nothing still speaks the language until the page is closed.
  }
}

/** As `Intl` and the `lang` attribute call it. */
export function localeOf(which: Language): string {
  return which === 'zh' ? 'zh-CN' : 'en'
}

function kept(): Language | undefined {
  try {
    const found = localStorage.getItem(KEPT)
    return found === 'en' || found === 'zh' ? found : undefined
  } catch {
    return undefined
  }
}
