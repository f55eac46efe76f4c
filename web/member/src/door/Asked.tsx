/** What one is asked to agree to. Nothing is ticked beforehand. */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import type { Answers, AskedConsent } from './consents'

interface Props {
  items: AskedConsent[]
  answers: Answers
  onAnswers: (answers: Answers) => void
}

export function Asked({ items, answers, onAnswers }: Props) {
  const { t } = useTranslation('door')
  return (
    <fieldset className="asked">
      <legend>{t('agree')}</legend>
      {items.map((one) => (
        <label className="tick" key={one.purpose}>
          <input
            type="checkbox"
            checked={answers[one.purpose] ?? false}
            onChange={(event) => onAnswers({ ...answers, [one.purpose]: event.target.checked })}
          />
          <span>
            {one.words}
            {one.required ? <em>{t('required')}</em> : <small>{t('optional')}</small>}
          </span>
        </label>
      ))}
      <p className="small">
        {t('takeBack')} <Link to="/rules">{t('readRules')}</Link>
      </p>
    </fieldset>
  )
}
