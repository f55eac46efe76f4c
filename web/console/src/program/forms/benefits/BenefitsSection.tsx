/** What members have beside points, and the one that is being changed. */
import { ArrowLeftOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Dropdown, Flex, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../../shell/Nothing'
import { useUrlStates } from '../../../shell/urlState'
import { findingsWithin, inWords, useForm, useValue } from '../context'
import { Moves } from '../ListField'
import { plain } from '../scalars'
import { BenefitForm } from './BenefitForm'
import { BEGINNINGS, type Benefit } from './kinds'
import { useBenefitSummary } from './summary'

export function BenefitsSection() {
  const { t } = useTranslation('program')
  const { isReadOnly } = useForm()
  const [read, write] = useUrlStates()
  const kept = useValue(['benefits'])
  const benefits: Benefit[] = Array.isArray(kept) ? (kept as Benefit[]) : []
  const item = read('item')
  const at = item ? Number(item) : null
  if (at !== null && benefits[at])
    return (
      <Flex vertical gap="middle">
        <div>
          <Button icon={<ArrowLeftOutlined />} onClick={() => write({ item: '' })}>
            {t('benefits.all')}
          </Button>
        </div>
        <BenefitForm key={plain(benefits[at].id)} at={at} />
      </Flex>
    )
  return (
    <Flex vertical gap="small">
      <Flex justify="space-between" gap="small" wrap align="center">
        <Typography.Text type="secondary">{t('benefits.about')}</Typography.Text>
        {!isReadOnly && (
          <AddBenefit benefits={benefits} onAdded={(n) => write({ item: String(n) })} />
        )}
      </Flex>
      {!benefits.length && <Nothing text={t('benefits.none')} />}
      {benefits.map((benefit, number) => (
        <BenefitCard
          key={number}
          benefit={benefit}
          at={number}
          count={benefits.length}
          onOpen={() => write({ item: String(number) })}
        />
      ))}
    </Flex>
  )
}

interface CardProps {
  benefit: Benefit
  at: number
  count: number
  onOpen: () => void
}

function BenefitCard({ benefit, at, count, onOpen }: CardProps) {
  const { t, i18n } = useTranslation('program')
  const { findings, isReadOnly, reveal } = useForm()
  const summary = useBenefitSummary()(benefit)
  const found = findingsWithin(findings, ['benefits', at])
  const isWrong = found.some((one) => one.severity === 'error')
  return (
    <Card
      size="small"
      data-pointer={`/benefits/${at}`}
      title={
        <Button
          type="link"
          style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }}
          onClick={() => {
            onOpen()
            reveal(['benefits', at])
          }}
        >
          {inWords(benefit.name, i18n.language) || plain(benefit.id)}
        </Button>
      }
      extra={
        !isReadOnly && <Moves path={['benefits']} at={at} count={count} label={t('benefits.one')} />
      }
    >
      <Flex gap={4} wrap align="center">
        <span>{summary.worth}</span>
        {found.length > 0 && (
          <Tag color={isWrong ? 'error' : 'warning'}>
            {t('lint.found', { count: found.length })}
          </Tag>
        )}
        {summary.tags.map((tag, number) => (
          <Tag key={number}>{tag}</Tag>
        ))}
      </Flex>
    </Card>
  )
}

interface AddProps {
  benefits: Benefit[]
  onAdded: (at: number) => void
}

/** A new benefit at the end: what kind it is is asked first. */
function AddBenefit({ benefits, onAdded }: AddProps) {
  const { t } = useTranslation('program')
  const { edit, value } = useForm()
  const currency = Object.keys(value.currencies ?? {})[0] ?? 'points'
  const add = (kind: keyof typeof BEGINNINGS) => {
    const taken = benefits.map((one) => one.id)
    let number = benefits.length + 1
    while (taken.includes(`benefit_${number}`)) number++
    const benefit = {
      id: `benefit_${number}`,
      name: { en: 'New benefit', 'zh-CN': '新权益' },
      kind,
      ...BEGINNINGS[kind](currency),
    }
    edit((tree) =>
      value.benefits === undefined
        ? tree.set(['benefits'], [benefit])
        : tree.insert(['benefits'], benefits.length, benefit),
    )
    onAdded(benefits.length)
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: (Object.keys(BEGINNINGS) as (keyof typeof BEGINNINGS)[]).map((kind) => ({
          key: kind,
          label: t(`benefits.kinds.${kind}`),
          onClick: () => add(kind),
        })),
      }}
    >
      <Button type="primary" icon={<PlusOutlined />}>
        {t('benefits.add')}
      </Button>
    </Dropdown>
  )
}
