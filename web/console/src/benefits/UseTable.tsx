/** Uses in a table, each of which can be given back. */
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
import { useBenefitDeed, type Use } from './offered'

interface Props {
  items: Use[] | undefined
  isBusy: boolean
  /** Whether all are one member's, who stands above. */
  isOfOne?: boolean
}

export function UseTable({ items, isBusy, isOfOne = false }: Props) {
  const { t } = useTranslation('benefits')
  const [restoring, restore] = useState<Use>()
  const columns = useColumns(restore)
  return (
    <>
      <Table<Use>
        size="small"
        rowKey={(one) => one.use ?? `${one.order ?? ''} ${one.benefit} ${one.used_at}`}
        loading={isBusy && { delay: 200 }}
        dataSource={items ?? []}
        columns={isOfOne ? columns.filter(({ key }) => key !== 'member') : columns}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: items ? <Nothing text={t('use.none')} /> : ' ' }}
      />
      {restoring?.use && (
        <RestoreModal
          name={restoring.name}
          use={restoring.use}
          onClose={() => restore(undefined)}
        />
      )}
    </>
  )
}

interface RestoreProps {
  name: string
  use: string
  onClose: () => void
}

function RestoreModal({ name, use, onClose }: RestoreProps) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const restore = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/benefit-uses/{use}/restore', {
          params: { path: { use } },
          body: { reason },
        }),
      ),
    () => {
      void message.success(t('use.restored'))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen
      title={t('use.restoreTitle', { name })}
      deed={t('use.restore')}
      isBusy={restore.isPending}
      problem={restore.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => restore.mutate(reason)}
    >
      <Typography.Text>{t('use.restoreText')}</Typography.Text>
    </ReasonModal>
  )
}

function useColumns(restore: (use: Use) => void): TableColumnsType<Use> {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const actor = useActor()
  const may = useMay()
  return [
    { key: 'at', title: t('field.usedAt'), render: (_, one) => formats.moment(one.used_at) },
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
      key: 'how',
      title: t('field.how'),
      render: (_, one) => (
        <Flex gap={4} wrap>
          <Tag>{t(`how.${one.how}`)}</Tag>
          {one.order && <Link to={`/orders/${one.order}`}>{one.order}</Link>}
          {[one.partner, one.store, one.reference].filter(Boolean).join(' · ')}
        </Flex>
      ),
    },
    { key: 'by', title: t('field.usedBy'), render: (_, one) => actor(one.used_by) },
    {
      key: 'granted',
      title: t('field.grantedBy'),
      render: (_, one) =>
        one.granted_by
          ? actor(one.granted_by)
          : t(`carrier.${one.carrier}`, { defaultValue: one.carrier }),
    },
    {
      key: 'deeds',
      title: '',
      render: (_, one) =>
        one.restored_at ? (
          <Tag title={one.restored_why}>
            {t('use.restoredOn', { day: formats.day(one.restored_at) })}
          </Tag>
        ) : (
          one.use &&
          one.how !== 'booking' &&
          may('orders:write') && (
            <Button size="small" onClick={() => restore(one)}>
              {t('use.restore')}
            </Button>
          )
        ),
    },
  ]
}
