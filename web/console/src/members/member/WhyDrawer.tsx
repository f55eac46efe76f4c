/** Why an event was decided as it was: the rules that applied, and those that did not, with the first
 *  reason. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { CheckCircleOutlined, MinusCircleOutlined } from '@ant-design/icons'
import { Collapse, Descriptions, Drawer, Flex, List, Tag, Typography, theme } from 'antd'
import { useTranslation } from 'react-i18next'

import { toldOf, type Told } from './reasons'
import { typeName } from './typeName'

type Record_ = Schemas['RecordAnswer']

export function WhyDrawer({
  record,
  onClose,
}: {
  record: Record_ | undefined
  onClose: () => void
}) {
  const { t } = useTranslation('members')
  return (
    <Drawer
      open={record !== undefined}
      size={560}
      title={record && t(`type.${typeName(record.type)}`, { defaultValue: record.type })}
      onClose={onClose}
      destroyOnHidden
    >
      {record && <Why record={record} />}
    </Drawer>
  )
}

function Why({ record }: { record: Record_ }) {
  const { t } = useTranslation('members')
  const { gave, others } = toldOf(record.explanation, record.follows?.given ?? [])
  return (
    <Flex vertical gap="middle">
      <Facts record={record} />
      {record.explanation.length > 0 && (
        <>
          <Rules title={t('why.applied')} none={t('why.noneApplied')} reasons={gave} isGiving />
          {others.length > 0 && <Rules title={t('why.others')} none="" reasons={others} />}
        </>
      )}
      {record.refused && <Typography.Text type="danger">{record.refused}</Typography.Text>}
      <Collapse
        size="small"
        items={[
          {
            key: 'data',
            label: t('why.sent'),
            children: (
              <pre style={{ margin: 0, whiteSpace: 'pre-wrap', wordBreak: 'break-word' }}>
                {JSON.stringify(record.data, null, 2)}
              </pre>
            ),
          },
        ]}
      />
    </Flex>
  )
}

function Facts({ record }: { record: Record_ }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const points = (amounts: Record<string, number>) =>
    Object.entries(amounts)
      .map(([code, amount]) => `${formats.count(amount)} ${code}`)
      .join(', ')
  const items = [
    { key: 'time', label: t('events.time'), children: formats.moment(record.time) },
    { key: 'received', label: t('why.received'), children: formats.moment(record.received_at) },
    { key: 'id', label: t('why.id'), children: `${record.id} · ${record.source}` },
    { key: 'event', label: t('why.event'), children: record.event },
    { key: 'version', label: t('why.version'), children: record.program_version },
    ...(['earned', 'taken_back', 'owed', 'waived'] as const)
      .filter((one) => Object.keys(record[one]).length > 0)
      .map((one) => ({ key: one, label: t(`why.${one}`), children: points(record[one]) })),
    ...record.lots.map((lot, place) => ({
      key: `lot${place}`,
      label: t('why.lot'),
      children: lot.expires_at
        ? t('why.lapses', {
            points: points({ [lot.currency]: lot.amount }),
            day: formats.day(lot.expires_at),
          })
        : t('why.stays', { points: points({ [lot.currency]: lot.amount }) }),
    })),
    ...(record.tier?.moves ?? []).map((move, place) => ({
      key: `move${place}`,
      label: t('events.tier'),
      children: `${move.old} → ${move.new} · ${t(`why.${move.why}`, { defaultValue: move.why })}`,
    })),
  ]
  return <Descriptions size="small" column={1} items={items} />
}

/** What a rule did beside giving points; and why a coupon was not given out at that time. */
function Besides({ given }: { given: Told['given'][number] }) {
  const { t } = useTranslation('members')
  return (
    <div>
      <Typography.Text>{t('why.given', { what: given.says })}</Typography.Text>
      {given.why_not && <div>{t('why.missed', { why: given.detail })}</div>}
    </div>
  )
}

interface RulesProps {
  title: string
  none: string
  reasons: Told[]
  isGiving?: boolean
}

function Rules({ title, none, reasons, isGiving = false }: RulesProps) {
  const formats = useFormats()
  const { token } = theme.useToken()
  return (
    <List<Told>
      size="small"
      header={<Typography.Text strong>{title}</Typography.Text>}
      dataSource={reasons}
      locale={{ emptyText: none }}
      renderItem={(one) => (
        <List.Item>
          <List.Item.Meta
            avatar={
              isGiving ? (
                <CheckCircleOutlined style={{ color: token.colorSuccess }} />
              ) : (
                <MinusCircleOutlined style={{ color: token.colorTextTertiary }} />
              )
            }
            title={
              <Flex gap="small" wrap>
                {one.name}
                {one.points !== 0 && <Tag color="success">{formats.signed(one.points)}</Tag>}
              </Flex>
            }
            description={
              <>
                {one.reason && <div>{one.detail}</div>}
                <div>{one.says}</div>
                {one.given.map((other) => (
                  <Besides key={`${other.kind} ${other.what}`} given={other} />
                ))}
              </>
            }
          />
        </List.Item>
      )}
    />
  )
}
