/** Why a record was rejected, in the reader's language where we know the kind of fault. */
import type { Schemas } from '@regulars/shared/api/client'
import { useTranslation } from 'react-i18next'

export type Rejected = Schemas['RejectedAnswer']

interface Why {
  code: string
  reason: string
  faults: Pick<Rejected['faults'][number], 'code' | 'column'>[]
}

export function useReason(): (record: Why) => string {
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

const COLUMN = '/columns/'

/** The same for a record that was only tried. */
export function useProblemWords(): (problem: Schemas['Problem']) => string {
  const reason = useReason()
  return ({ code, detail, errors }) =>
    reason({
      code,
      reason: detail,
      faults: ((errors as Schemas['Problem']['errors'] | undefined) ?? []).map((one) => ({
        code: one.code,
        column: one.pointer.startsWith(COLUMN)
          ? one.pointer.slice(COLUMN.length).replaceAll('~1', '/').replaceAll('~0', '~')
          : null,
      })),
    })
}
