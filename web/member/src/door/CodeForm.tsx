/** Six digits. Sent as soon as the last of them is typed; another code can be asked for later. */
import { useEffect, useState, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { Field, Refusal } from '../shell/parts'

interface Props {
  onCode: (code: string) => void
  onAgain: () => void
  isBusy: boolean
  problem: unknown
}

const DIGITS = 6
const PAUSE_S = 60

export function CodeForm({ onCode, onAgain, isBusy, problem }: Props) {
  const { t } = useTranslation('door')
  const [code, setCode] = useState('')
  const [wait, setWait] = useState(PAUSE_S)
  useEffect(() => {
    if (wait <= 0) return
    const timer = window.setTimeout(() => setWait(wait - 1), 1_000)
    return () => window.clearTimeout(timer)
  }, [wait])
  const type = (text: string) => {
    const digits = text.replace(/\D/g, '').slice(0, DIGITS)
    setCode(digits)
    if (digits.length === DIGITS && digits !== code) onCode(digits)
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (code) onCode(code)
  }
  const again = () => {
    setCode('')
    setWait(PAUSE_S)
    onAgain()
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field label={t('code')}>
        <input
          className="code"
          value={code}
          onChange={(event) => type(event.target.value)}
          autoComplete="one-time-code"
          inputMode="numeric"
          aria-invalid={Boolean(problem)}
          autoFocus
        />
      </Field>
      <Refusal problem={problem} />
      <button type="submit" className="button wide" disabled={isBusy || code.length < DIGITS}>
        {t('check')}
      </button>
      <button type="button" className="quiet wide" disabled={wait > 0} onClick={again}>
        {wait > 0 ? t('againIn', { seconds: wait }) : t('again')}
      </button>
    </form>
  )
}
