/** Why a record was rejected, in the reader's language where we know the kind of fault. */
import { useTranslation } from 'react-i18next'

import type { Rejected } from './RejectedPanel'

export function useReason(): (record: Rejected) => string {
  const { t, i18n } = useTranslation(['imports', 'shared'])
  return ({ code, reason, faults }) => {
    const known = faults
      .filter((one) => one.code && one.column)
      .map((one) => t(`faults.${one.code}`, { column: one.column, defaultValue: '' }))
      .filter(Boolean)
    if (known.length) return known.join(' ')
    if (i18n.language === 'en') return reason
    const title = t(`shared:problems.${code}`, { defaultValue: '' })
    return title ? `${title} (${reason})` : reason
  }
}
