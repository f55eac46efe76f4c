/** One coupon template: its terms, its codes, who has them, and how it does. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Card, Skeleton, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { useUrlState } from '../shell/urlState'
import { BatchesCard } from './BatchesCard'
import { CouponsCard } from './CouponsCard'
import { FiguresCard } from './FiguresCard'
import { TemplateForm } from './TemplateForm'
import { STATE_COLORS, type Template } from './terms'

export function Component() {
  const { t } = useTranslation('coupons')
  const { template = 'new' } = useParams()
  if (template !== 'new') return <Existing key={template} template={template} />
  return (
    <>
      <PageHead title={t('add')} />
      <TemplateForm />
    </>
  )
}

function Existing({ template }: { template: string }) {
  const { t, i18n } = useTranslation('coupons')
  const [tab, setTab] = useUrlState('tab', 'terms')
  const found = api.useQuery(
    'get',
    '/v1/coupon-templates/{template}',
    { params: { path: { template } } },
    { staleTime: 0 },
  )
  const one = found.data
  const again = () => void found.refetch()
  if (!one)
    return (
      <>
        <ProblemAlert problem={found.error} onRetry={again} />
        {!found.error && <Skeleton active />}
      </>
    )
  const items = [
    {
      key: 'terms',
      label: t('tab.terms'),
      children: <TemplateForm key={one.revision} template={one} onSaved={again} />,
    },
    { key: 'codes', label: t('tab.codes'), children: <BatchesCard template={one} /> },
    { key: 'coupons', label: t('tab.coupons'), children: <CouponsCard template={one} /> },
    { key: 'figures', label: t('tab.figures'), children: <FiguresCard template={one} /> },
  ]
  return (
    <>
      <PageHead
        title={one.name[i18n.language === 'zh' ? 'zh-CN' : 'en'] ?? one.name.en ?? one.code}
        sub={
          <>
            <Tag color={STATE_COLORS[one.state]}>{t(`states.${one.state}`)}</Tag>
            {one.words.worth}
          </>
        }
        extra={<Moves template={one} onMoved={again} />}
      />
      <Card>
        <Tabs activeKey={tab} onChange={setTab} items={items} destroyOnHidden />
      </Card>
    </>
  )
}

type Next = Schemas['CouponTemplateMoveIn']['state']
const NEXT: Record<Template['state'], Next[]> = {
  draft: ['active'],
  active: ['paused', 'ended'],
  paused: ['active', 'ended'],
  ended: [],
}

function Moves({ template, onMoved }: { template: Template; onMoved: () => void }) {
  const { t } = useTranslation('coupons')
  const { message } = App.useApp()
  const may = useMay()
  const [asking, setAsking] = useState<Next>()
  const move = useMutation({
    mutationFn: ({ state, reason }: { state: Next; reason: string }) =>
      told(
        client.POST('/v1/coupon-templates/{template}/state', {
          params: { path: { template: template.template } },
          body: { state, reason },
        }),
      ),
    onSuccess: (made) => {
      setAsking(undefined)
      void message.success(t(`moved.${made.state}`))
      onMoved()
    },
  })
  if (!may('offers:write')) return null
  return (
    <>
      {NEXT[template.state].map((state) => (
        <Button
          key={state}
          type={state === 'active' ? 'primary' : 'default'}
          danger={state === 'ended'}
          loading={move.isPending && state === 'active'}
          onClick={() =>
            state === 'active' ? move.mutate({ state, reason: '' }) : setAsking(state)
          }
        >
          {t(`move.${state}`)}
        </Button>
      ))}
      {!asking && <ProblemAlert problem={move.error} />}
      <ReasonModal
        isOpen={asking !== undefined}
        title={t(asking ? `move.${asking}` : 'state')}
        deed={t(asking ? `move.${asking}` : 'state')}
        isDanger={asking === 'ended'}
        isBusy={move.isPending}
        problem={move.error}
        onCancel={() => setAsking(undefined)}
        onConfirm={(reason) => asking && move.mutate({ state: asking, reason })}
      >
        {t(asking === 'ended' ? 'endText' : 'pauseText')}
      </ReasonModal>
    </>
  )
}
