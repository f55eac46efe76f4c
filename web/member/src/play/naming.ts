/** Words that somebody wrote in several languages. */

export function nameOf(words: Record<string, string>, language: string): string {
  return (language.startsWith('zh') ? words['zh-CN'] : undefined) ?? words.en ?? ''
}
