/** The other language, at once and for the next time. */
import { speak } from '@regulars/shared/i18n'
import { language } from '@regulars/shared/languages'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

export function LanguageSwitch() {
  const { t } = useTranslation('shell')
  const queries = useQueryClient()
  const other = language() === 'zh' ? 'en' : 'zh'
  const change = async () => {
    await speak(other)
    // The server's own sentences are in the language in which they were asked for.
    await queries.invalidateQueries()
  }
  return (
    <button
      type="button"
      className="quiet"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => void change()}
      aria-label={t('speakOther')}
    >
      {other === 'zh' ? '中文' : 'English'}
    </button>
  )
}
