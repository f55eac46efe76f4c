/** Grants in a table, each of which can be taken back. */
import { client, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Flex, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { useActor } from '../shell/actors'
import { useBenefitDeed, type Grant } from './offered'

interface Props {
  items: Grant[] | undefined
  isBusy: boolean
  /** Whether all are one member's, who stands above. */
  isOfOne?: boolean
}

export function GrantTable({ items, isBusy, isOfOne = false }: Props) {
  const { t } = useTranslation('benefits')
  const [ending, end] = useState<Grant>()
  const columns = useColumns(end)
  return (
    <>
      <Table<Grant>
        size="small"
        rowKey="grant"
        loading={isBusy && { delay: 200 }}
        dataSource={items ?? []}
        columns={isOfOne ? columns.filter(({ key }) => key !== 'member') : columns}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: items ? <Nothing text={t('grant.none')} /> : ' ' }}
      />
      {ending && <EndModal grant={ending} onClose={() => end(undefined)} />}
    </>
  )
}

function EndModal({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const end = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/benefit-grants/{grant}/end', {
          params: { path: { grant: grant.grant } },
          body: { reason },
        }),
      ),
    () => {
      void message.success(t('grant.ended'))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen
      isDanger
      title={t('grant.endTitle', { name: grant.name })}
      deed={t('grant.end')}
      isBusy={end.isPending}
      problem={end.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => end.mutate(reason)}
    >
      <Typography.Text>{t('grant.endText')}</Typography.Text>
    </ReasonModal>
  )
}

function useColumns(end: (grant: Grant) => void): TableColumnsType<Grant> {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const actor = useActor()
  const may = useMay()
  return [
    {
      key: 'member',
      title: t('field.member'),
      render: (_, one) => (
        <Link to={`/members/${one.member}?tab=benefits`}>
          <Typography.Text code>{one.member}</Typography.Text>
        </Link>
      ),
    },
    { key: 'benefit', title: t('field.benefit'), dataIndex: 'name' },
    {
      key: 'why',
      title: t('field.why'),
      render: (_, one) => (
        <Flex vertical>
          <span>
            <Tag>{t(`carrier.${one.carrier}`, { defaultValue: one.carrier })}</Tag>
            {one.source}
          </span>
          {one.reason && <Typography.Text type="secondary">{one.reason}</Typography.Text>}
        </Flex>
      ),
    },
    {
      key: 'uses',
      title: t('field.uses'),
      render: (_, one) => (one.uses === null ? t('grant.asBenefit') : formats.count(one.uses)),
    },
    {
      key: 'until',
      title: t('field.valid'),
      render: (_, one) =>
        one.ended_at ? (
          <Tag title={one.ended_why}>{t('grant.endedOn', { day: formats.day(one.ended_at) })}</Tag>
        ) : one.valid_until ? (
          t('grant.until', { day: formats.day(one.valid_until) })
        ) : (
          t('grant.forGood')
        ),
    },
    {
      key: 'by',
      title: t('field.grantedBy'),
      render: (_, one) => (
        <span title={formats.moment(one.granted_at)}>
          {actor(one.granted_by)}, {formats.ago(one.granted_at)}
        </span>
      ),
    },
    {
      key: 'deeds',
      title: '',
      render: (_, one) =>
        one.is_open &&
        may('offers:write') && (
          <Button size="small" danger onClick={() => end(one)}>
            {t('grant.end')}
          </Button>
        ),
    },
  ]
}
