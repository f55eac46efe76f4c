/** The member's benefits, the appointments ahead, and what was used. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { USES } from './benefits'
import { BenefitsPanel } from './BenefitsPanel'
import { BookingsPanel } from './BookingsPanel'

export default function BenefitsPage() {
  const { t } = useTranslation('benefits')
  return (
    <>
      <PageHead title={t('title')} back="/me" />
      <BenefitsPanel />
      <BookingsPanel />
      <Used />
    </>
  )
}

function Used() {
  const { t } = useTranslation('benefits')
  const found = useQuery({
    queryKey: USES,
    queryFn: () => told(client.GET('/v1/me/benefit-uses', { params: { query: { limit: 20 } } })),
    staleTime: 5_000,
  })
  if (found.data && !found.data.items.length) return null
  return (
    <Panel title={t('used.title')}>
      {found.isPending ? <Skeleton lines={3} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      <ul className="plain">
        {found.data?.items.map((one) => (
          <Use key={one.use ?? `${one.order ?? ''} ${one.benefit} ${one.used_at}`} use={one} />
        ))}
      </ul>
    </Panel>
  )
}

function Use({ use }: { use: Schemas['ListedUseAnswer'] }) {
  const { t } = useTranslation('benefits')
  const { moment } = useFormats()
  return (
    <li>
      <strong>{use.name}</strong>
      <br />
      <small>
        <time dateTime={use.used_at}>{moment(use.used_at)}</time> · {t(`how.${use.how}`)}
        {use.store ? ` · ${use.store}` : ''}
        {use.restored_at ? ` · ${t('used.restored')}` : ''}
      </small>
    </li>
  )
}
