/** All rules in the order of the document, and the one that is being changed. */
import { ArrowLeftOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Dropdown, Flex, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../../shell/Nothing'
import { useUrlStates } from '../../../shell/urlState'
import { Field } from '../Field'
import { valueAt } from '../../writing/tree'
import { findingsWithin, useForm, useValue } from '../context'
import { Moves } from '../ListField'
import { plain } from '../scalars'
import { RuleForm } from './RuleForm'
import { useSummary, type Rule } from './summary'

export function RulesSection() {
  const { t } = useTranslation('program')
  const { root, isReadOnly } = useForm()
  const [read, write] = useUrlStates()
  const kept = useValue(['rules'])
  const rules: Rule[] = Array.isArray(kept) ? (kept as Rule[]) : []
  const item = read('item')
  const at = item ? Number(item) : null
  if (at !== null && rules[at])
    return (
      <Flex vertical gap="middle">
        <div>
          <Button icon={<ArrowLeftOutlined />} onClick={() => write({ item: '' })}>
            {t('rules.all')}
          </Button>
        </div>
        <RuleForm key={plain(rules[at].id)} at={at} />
      </Flex>
    )
  return (
    <Flex vertical gap="small">
      <Flex justify="space-between" gap="small" wrap align="center">
        <Typography.Text type="secondary">{t('rules.about')}</Typography.Text>
        {!isReadOnly && (
          <AddRule count={rules.length} onAdded={(n) => write({ item: String(n) })} />
        )}
      </Flex>
      {!rules.length && <Nothing text={t('rules.none')} />}
      {rules.map((rule, number) => (
        <RuleCard
          key={number}
          rule={rule}
          at={number}
          count={rules.length}
          onOpen={() => write({ item: String(number) })}
        />
      ))}
      {!!rules.length && (
        <Card size="small" style={{ marginTop: 8 }}>
          <Field path={['stacking']} schema={root.properties?.stacking ?? {}} />
        </Card>
      )}
    </Flex>
  )
}

interface CardProps {
  rule: Rule
  at: number
  count: number
  onOpen: () => void
}

function RuleCard({ rule, at, count, onOpen }: CardProps) {
  const { t } = useTranslation('program')
  const { findings, isReadOnly, reveal } = useForm()
  const summary = useSummary()(rule)
  const found = findingsWithin(findings, ['rules', at])
  const isWrong = found.some((one) => one.severity === 'error')
  return (
    <Card
      size="small"
      data-pointer={`/rules/${at}`}
      title={
        <Button
          type="link"
          style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }}
          onClick={() => {
            onOpen()
            reveal(['rules', at])
          }}
        >
          {summary.name}
        </Button>
      }
      extra={!isReadOnly && <Moves path={['rules']} at={at} count={count} label={t('rules.one')} />}
    >
      <Flex vertical gap={6}>
        <span>{summary.gives}</span>
        <Flex gap={4} wrap>
          {found.length > 0 && (
            <Tag color={isWrong ? 'error' : 'warning'}>
              {t('lint.found', { count: found.length })}
            </Tag>
          )}
          {summary.tags.map((tag, number) => (
            <Tag key={number}>{tag}</Tag>
          ))}
        </Flex>
      </Flex>
    </Card>
  )
}

const KINDS = ['rate', 'points', 'multiply', 'occasion'] as const

/** A new rule at the end: what kind it is is asked first, for that is what people know. */
function AddRule({ count, onAdded }: { count: number; onAdded: (at: number) => void }) {
  const { t } = useTranslation(['program', 'document'])
  const { edit, value } = useForm()
  const currencies = Object.entries((value.currencies ?? {}) as Record<string, { kind?: string }>)
  const spendable = currencies.find(([, one]) => one.kind === 'spendable') ?? currencies[0]
  const currency = spendable?.[0] ?? 'points'
  const what = {
    rate: { on: 'purchase', earn: { currency, rate: 1, per: 1 } },
    points: { on: 'purchase', earn: { currency, points: 50 } },
    multiply: { on: 'purchase', earn: { currency, multiply: 2 } },
    occasion: {
      on: 'occasion',
      occasions: ['birthday'],
      effects: [{ coupon: 'birthday-10', for: 'P30D' }],
    },
  }
  const add = (kind: (typeof KINDS)[number]) => {
    const taken = (Array.isArray(value.rules) ? (value.rules as Rule[]) : []).map((one) => one.id)
    let number = count + 1
    while (taken.includes(`rule_${number}`)) number++
    const rule = {
      id: `rule_${number}`,
      name: { en: 'New rule', 'zh-CN': '新规则' },
      ...what[kind],
    }
    edit((tree) => {
      tree.insert(['rules'], count, rule)
      const born = valueAt(value, ['members', 'attributes', 'birth_month'])
      // Birthdays come by this attribute of members.
      if (kind === 'occasion' && born === undefined)
        tree.set(['members', 'attributes', 'birth_month'], 'int')
    })
    onAdded(count)
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: KINDS.map((kind) => ({
          key: kind,
          label: `${t(`document:variants.${kind}`)} – ${t(`rules.kinds.${kind}`)}`,
          onClick: () => add(kind),
        })),
      }}
    >
      <Button type="primary" icon={<PlusOutlined />}>
        {t('rules.add')}
      </Button>
    </Dropdown>
  )
}
