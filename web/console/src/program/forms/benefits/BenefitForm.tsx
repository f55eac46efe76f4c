/** One benefit: what it is, who has it, how often, and on which orders. */
import { Alert, Card, Flex, Select, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Path } from '../../writing/tree'
import { inWords, useFindingText, useForm, useValue } from '../context'
import { Labelled } from '../Labelled'
import { RecordFields } from '../RecordFields'
import { plain } from '../scalars'
import { resolved } from '../schema'
import { BEGINNINGS, OF_ORDERS, WORTH, type Benefit, type BenefitKind } from './kinds'
import { useBenefitSummary } from './summary'

export function BenefitForm({ at }: { at: number }) {
  const { t, i18n } = useTranslation('program')
  const { root, findings } = useForm()
  const path: Path = ['benefits', at]
  const schema = resolved(root, root.properties?.benefits?.items ?? {})
  const benefit = (useValue(path) ?? {}) as Benefit
  const summary = useBenefitSummary()(benefit)
  const say = useFindingText()
  const own = findings.filter((one) => one.pointer === `/benefits/${at}`)
  const kind = plain(benefit.kind)
  const isOfOrders = OF_ORDERS.includes(kind)
  return (
    <Flex vertical gap="middle">
      <Card size="small" title={inWords(benefit.name, i18n.language) || plain(benefit.id)}>
        <Typography.Paragraph type="secondary">
          {[summary.worth, ...summary.tags].join(' · ')}
        </Typography.Paragraph>
        {own.length > 0 && (
          <Alert
            type={own.some((one) => one.severity === 'error') ? 'error' : 'warning'}
            title={own.map(say).join(' ')}
            style={{ marginBottom: 12 }}
          />
        )}
        <RecordFields
          path={path}
          schema={schema}
          only={['name', 'about', 'id']}
          always={['name']}
        />
      </Card>
      <Card size="small" title={t('benefits.parts.what')}>
        <Flex vertical gap="middle">
          <Kind path={path} benefit={benefit} />
          <RecordFields
            path={path}
            schema={schema}
            only={[...(WORTH[kind] ?? []), ...(kind === 'cashback' ? [] : ['item'])]}
            always={WORTH[kind]?.slice(0, 1) ?? []}
          />
        </Flex>
      </Card>
      <Card size="small" title={t('benefits.parts.who')}>
        <Typography.Paragraph type="secondary">{t('benefits.forWhom')}</Typography.Paragraph>
        <RecordFields path={path} schema={schema} only={['for', 'valid']} />
      </Card>
      <Card size="small" title={t('benefits.parts.often')}>
        <RecordFields path={path} schema={schema} only={['quota', 'schedule']} />
      </Card>
      {isOfOrders && (
        <Card size="small" title={t('benefits.parts.orders')}>
          <RecordFields
            path={path}
            schema={schema}
            only={['threshold', 'lines', 'when', 'stacking', 'automatic', 'restore']}
          />
        </Card>
      )}
      {!isOfOrders && (
        <Card size="small" title={t('benefits.parts.use')}>
          <RecordFields path={path} schema={schema} only={['appointment', 'partner', 'when']} />
        </Card>
      )}
    </Flex>
  )
}

/** Another kind keeps what it has in common with the one before. */
function Kind({ path, benefit }: { path: Path; benefit: Benefit }) {
  const { t } = useTranslation(['program', 'document'])
  const { edit, isReadOnly, value } = useForm()
  const currency = Object.keys(value.currencies ?? {})[0] ?? 'points'
  const change = (next: BenefitKind) => {
    const worth = Object.values(WORTH).flat()
    const kept = Object.fromEntries(
      Object.entries(benefit).filter(([name]) => !worth.includes(name)),
    )
    const fresh: Record<string, unknown> = BEGINNINGS[next](currency)
    const needed = Object.fromEntries(
      Object.entries(fresh).filter(([name]) => WORTH[next]?.includes(name)),
    )
    edit((tree) => tree.set(path, { ...kept, kind: next, ...needed }))
  }
  return (
    <Labelled label={t('document:fields.benefits_kind.label')} path={[...path, 'kind']}>
      {(id) => (
        <Select<BenefitKind>
          id={id}
          style={{ width: '100%', maxWidth: 320 }}
          value={benefit.kind as BenefitKind}
          disabled={isReadOnly}
          onChange={change}
          options={(Object.keys(BEGINNINGS) as BenefitKind[]).map((one) => ({
            value: one,
            label: t(`benefits.kinds.${one}`),
          }))}
        />
      )}
    </Labelled>
  )
}
