/** What the program in force lets members have beside points, and who has it. */
import { Button, Flex, Skeleton, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { BenefitTabs } from './BenefitTabs'
import { useOffered, useQuotaText, type Offered } from './offered'

export function Component() {
  const { t } = useTranslation('benefits')
  const may = useMay()
  const { data, error, isPending, refetch } = useOffered()
  const columns = useColumns()
  const design = (
    <Link to="/program">
      <Button type="primary">{t('offered.design')}</Button>
    </Link>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} />
      <BenefitTabs active="offered" />
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {isPending && <Skeleton active />}
      {data && (
        <Table<Offered>
          size="middle"
          rowKey="benefit"
          dataSource={data.items}
          columns={columns}
          pagination={false}
          scroll={{ x: 'max-content' }}
          locale={{
            emptyText: (
              <Nothing
                text={t('offered.none')}
                action={may('program:draft') ? design : undefined}
              />
            ),
          }}
        />
      )}
    </>
  )
}

function useColumns(): TableColumnsType<Offered> {
  const { t } = useTranslation('benefits')
  const quota = useQuotaText()
  return [
    {
      key: 'name',
      title: t('field.benefit'),
      render: (_, one) => (
        <Flex vertical>
          <Typography.Text strong>{one.name}</Typography.Text>
          <Typography.Text type="secondary">{one.about || one.benefit}</Typography.Text>
        </Flex>
      ),
    },
    { key: 'kind', title: t('field.kind'), render: (_, one) => t(`kind.${one.kind}`) },
    { key: 'who', title: t('field.who'), render: (_, one) => <Who offered={one} /> },
    { key: 'quota', title: t('field.quota'), render: (_, one) => quota(one.quota) },
    {
      key: 'more',
      title: t('field.more'),
      render: (_, one) => (
        <Flex gap={4} wrap>
          {one.by_appointment && (
            <Link to={`/benefits/appointments?benefit=${one.benefit}`}>
              <Tag>{t('offered.byAppointment')}</Tag>
            </Link>
          )}
          {one.partner && <Tag>{t('offered.partner', { partner: one.partner })}</Tag>}
        </Flex>
      ),
    },
    { key: 'links', title: '', render: (_, one) => <Ways offered={one} /> },
  ]
}

function Ways({ offered }: { offered: Offered }) {
  const { t } = useTranslation('benefits')
  return (
    <Flex gap="small">
      <Link to={`/benefits/grants?benefit=${offered.benefit}`}>{t('tabs.grants')}</Link>
      <Link to={`/benefits/uses?benefit=${offered.benefit}`}>{t('tabs.uses')}</Link>
    </Flex>
  )
}

/** Who has it by what they are. */
function Who({ offered }: { offered: Offered }) {
  const { t } = useTranslation('benefits')
  const named = [
    ...offered.tiers,
    ...offered.stages.map((one) => t(`stage.${one}`)),
    ...offered.tags.map((one) => t('offered.tag', { tag: one })),
    ...offered.cards.map((one) => t('offered.card', { card: one })),
  ]
  if (!offered.everyone && !named.length) return <Tag>{t('offered.granted')}</Tag>
  return (
    <Flex gap={4} wrap>
      {offered.everyone && <Tag>{t('offered.everyone')}</Tag>}
      {named.map((one) => (
        <Tag key={one}>{one}</Tag>
      ))}
      {offered.is_conditional && <Tag>{t('offered.condition')}</Tag>}
    </Flex>
  )
}
