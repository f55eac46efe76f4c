/** An enrolment that a person has to look at first: how it stands is asked now and then. */
import { client } from '@regulars/shared/api/client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Notice, Refusal } from '../shell/parts'
import { told } from '../shell/told'

const EVERY_MS = 10_000

export function HeldStep({ ticket, onAdmitted }: { ticket?: string; onAdmitted: () => void }) {
  const { t } = useTranslation('door')
  const standing = useQuery({
    queryKey: ['enrolment', ticket],
    queryFn: () =>
      told(
        client.GET('/v1/enrolments/status', {
          params: { header: ticket ? { 'enrolment-ticket': ticket } : {} },
        }),
      ),
    refetchInterval: EVERY_MS,
  })
  const status = standing.data?.status ?? 'held'
  if (status === 'admitted')
    return (
      <Notice tone="good">
        <p>{t('admitted')}</p>
        <button type="button" className="button" onClick={onAdmitted}>
          {t('shared:signIn')}
        </button>
      </Notice>
    )
  return (
    <>
      <Notice tone={status === 'refused' ? 'bad' : 'plain'}>
        <p>{status === 'refused' ? t('notAdmitted') : t('held')}</p>
      </Notice>
      <Refusal problem={standing.error} retry={() => void standing.refetch()} />
    </>
  )
}
