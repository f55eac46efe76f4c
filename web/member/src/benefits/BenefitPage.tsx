/** One benefit: what it is, what is left, and the code by which it is used at the counter. */
import { client } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'

import { Empty, Notice, PageHead, Panel, Refusal, Row, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { useBenefits, type Held } from './benefits'
import { Says } from './BenefitsPanel'
import { ShownCode } from './ShownCode'

export default function BenefitPage() {
  const { t } = useTranslation('benefits')
  const { benefit = '' } = useParams()
  const grant = useSearchParams()[0].get('grant')
  const found = useBenefits()
  const held = found.data?.items.find((one) => one.benefit === benefit && one.grant === grant)
  return (
    <>
      <PageHead title={held?.name ?? t('title')} back="/benefits" />
      {found.isPending ? <Skeleton lines={5} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.data && !held ? <Empty text={t('gone')} /> : null}
      {held ? <One held={held} /> : null}
    </>
  )
}

function One({ held }: { held: Held }) {
  const { t } = useTranslation('benefits')
  return (
    <>
      <Panel>
        {held.about ? <p>{held.about}</p> : null}
        <p>
          <Says held={held} />
        </p>
        {held.quota ? (
          <p className="small">{t(`quota.${held.quota.per}`, { count: held.quota.uses })}</p>
        ) : null}
      </Panel>
      {held.by_appointment ? (
        <Panel>
          <Row to={`/benefits/${encodeURIComponent(held.benefit)}/book`}>{t('book.go')}</Row>
        </Panel>
      ) : null}
      <Code held={held} />
    </>
  )
}

function Code({ held }: { held: Held }) {
  const { t } = useTranslation('benefits')
  const show = useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/me/benefits/{benefit}/code', {
          params: { path: { benefit: held.benefit } },
          body: { grant: held.grant },
        }),
      ),
  })
  const code = show.data
  if (held.why_not === 'by_itself') return null
  return (
    <Panel title={t('code.title')}>
      {code ? (
        <ShownCode
          key={code.code}
          code={code}
          benefit={held.benefit}
          onAgain={() => show.mutate()}
        />
      ) : (
        <>
          <p>{t('code.text')}</p>
          {held.why_not ? (
            <Notice>
              <p>{t(`whyNot.${held.why_not}`)}</p>
            </Notice>
          ) : (
            <button
              type="button"
              className="button wide"
              disabled={show.isPending}
              onClick={() => show.mutate()}
            >
              {t('code.show')}
            </button>
          )}
        </>
      )}
      <Refusal problem={show.error} />
    </Panel>
  )
}
