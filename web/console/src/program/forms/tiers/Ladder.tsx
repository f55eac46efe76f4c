/** The ladder: a step for each tier, with what it asks for and what it brings. */
import { PlusOutlined } from '@ant-design/icons'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Tag, theme, Typography } from 'antd'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { useUrlStates } from '../../../shell/urlState'
import { inWords, useForm, useValue } from '../context'
import { Moves } from '../ListField'
import { isMoneyMetric, useMetricName } from '../NeedField'
import { RecordFields } from '../RecordFields'
import { plain } from '../scalars'
import { resolved, type Schema } from '../schema'
import type { Rule } from '../rules/summary'

interface Tier {
  id?: unknown
  name?: unknown
  entry?: unknown
  keep?: unknown
}

const STEP_PX = 26
const PATH = ['tiers', 'ladder'] as const

export function Ladder({ schema }: { schema: Schema }) {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const [read, write] = useUrlStates()
  const kept = useValue(PATH)
  const tiers: Tier[] = Array.isArray(kept) ? (kept as Tier[]) : []
  const at = read('item') ? Number(read('item')) : null
  const add = () => {
    const taken = tiers.map((one) => one.id)
    let number = tiers.length + 1
    while (taken.includes(`tier_${number}`)) number++
    const name = { en: 'New tier', 'zh-CN': '新等级' }
    edit((tree) => tree.insert(PATH, tiers.length, { id: `tier_${number}`, name }))
    write({ item: String(tiers.length) })
  }
  return (
    <Flex vertical gap="middle">
      <Flex align="end" gap={8} style={{ overflowX: 'auto', paddingBottom: 4 }}>
        <Flex align="end" gap={8} flex={1} role="list">
          {tiers.map((tier, step) => (
            <Step
              key={step}
              tier={tier}
              step={step}
              isChosen={at === step}
              onChoose={() => write({ item: at === step ? '' : String(step) })}
            />
          ))}
        </Flex>
        {!isReadOnly && (
          <Button icon={<PlusOutlined />} onClick={add}>
            {t('tiers.add')}
          </Button>
        )}
      </Flex>
      {at !== null && tiers[at] && (
        <Card
          size="small"
          title={t('tiers.one')}
          extra={
            !isReadOnly && <Moves path={PATH} at={at} count={tiers.length} label={t('tiers.one')} />
          }
        >
          <RecordFields path={[...PATH, at]} schema={resolved(root, schema)} />
        </Card>
      )}
    </Flex>
  )
}

interface StepProps {
  tier: Tier
  step: number
  isChosen: boolean
  onChoose: () => void
}

function Step({ tier, step, isChosen, onChoose }: StepProps) {
  const { t, i18n } = useTranslation('program')
  const { token } = theme.useToken()
  const { value, edit, isReadOnly, reveal } = useForm()
  const [isOver, setOver] = useState(false)
  const needs = useNeeds()
  const brings = broughtBy(value.rules, plain(tier.id))
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const from = Number(event.dataTransfer.getData('text/plain'))
    if (Number.isInteger(from) && from !== step) edit((tree) => tree.move(PATH, from, step))
  }
  return (
    <div
      role="listitem"
      draggable={!isReadOnly}
      data-pointer={`/tiers/ladder/${step}`}
      onDragStart={(event) => event.dataTransfer.setData('text/plain', String(step))}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      style={{
        flex: '1 0 150px',
        maxWidth: 260,
        border: `1px solid ${isChosen || isOver ? token.colorPrimary : token.colorBorderSecondary}`,
        borderTop: `3px solid ${token.colorPrimary}`,
        borderRadius: token.borderRadius,
        background: token.colorBgContainer,
        padding: `10px 12px ${10 + step * STEP_PX}px`,
      }}
    >
      <Button
        type="link"
        aria-expanded={isChosen}
        style={{ padding: 0, height: 'auto', fontWeight: 600 }}
        onClick={() => {
          onChoose()
          reveal(['tiers', 'ladder', step])
        }}
      >
        {inWords(tier.name, i18n.language) || plain(tier.id)}
      </Button>
      <Typography.Paragraph style={{ margin: '4px 0' }}>
        {step === 0 ? t('tiers.everybody') : needs(tier.entry) || t('tiers.noEntry')}
      </Typography.Paragraph>
      {tier.keep !== undefined && (
        <Typography.Paragraph type="secondary" style={{ margin: 0 }}>
          {t('tiers.keep', { needs: needs(tier.keep) })}
        </Typography.Paragraph>
      )}
      {brings.map((rule, number) => (
        <Tag key={number} style={{ whiteSpace: 'normal', marginTop: 4 }}>
          {inWords(rule.name, i18n.language) || plain(rule.id)}
        </Tag>
      ))}
    </div>
  )
}

/** The rules that are for holders of this tier. */
function broughtBy(rules: unknown, tier: string): Rule[] {
  if (!Array.isArray(rules)) return []
  return (rules as Rule[]).filter((rule) => {
    const tiers = rule.audience?.tiers
    return Array.isArray(tiers) && tiers.includes(tier)
  })
}

/** What a tier asks for, in short. */
function useNeeds(): (needs: unknown) => string {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const { value } = useForm()
  const name = useMetricName()
  const money = plain(value.money)
  const one = (need: unknown): string => {
    if (typeof need !== 'object' || need === null) return ''
    return Object.entries(need)
      .map(([metric, least]) => {
        const isMoney = isMoneyMetric(value, metric) && /^[A-Z]{3}$/.test(money)
        const amount = Number(least)
        const said = isMoney ? formats.money(amount, money) : formats.count(amount)
        return t('tiers.need', { metric: name(metric), least: said })
      })
      .join(t('tiers.and'))
  }
  return (needs) => {
    if (typeof needs !== 'object' || needs === null) return ''
    const { any } = needs as { any?: unknown }
    return Array.isArray(any) ? any.map(one).join(t('tiers.or')) : one(needs)
  }
}
