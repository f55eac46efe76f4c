/** Uses in a table, each of which can be given back. */
import { client, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Flex, Tag, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useMay } from '../shell/session'
import { useActor } from '../shell/actors'
import type { Use } from './offered'
import { ReasonDeed } from './ReasonDeed'
import { RecordTable, type RecordsProps } from './RecordTable'

interface Restoring {
  name: string
  use: string
}

export function UseTable(records: RecordsProps<Use>) {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const [restoring, restore] = useState<Restoring>()
  return (
    <>
      <RecordTable<Use>
        {...records}
        rowKey={(one) => one.use ?? `${one.order ?? ''} ${one.benefit} ${one.used_at}`}
        none={t('use.none')}
        before={[
          { key: 'at', title: t('field.usedAt'), render: (_, one) => formats.moment(one.used_at) },
        ]}
        after={useColumns(restore)}
      />
      {restoring && (
        <ReasonDeed
          title={t('use.restoreTitle', { name: restoring.name })}
          deed={t('use.restore')}
          text={t('use.restoreText')}
          done={t('use.restored')}
          onClose={() => restore(undefined)}
          send={(reason) =>
            told(
              client.POST('/v1/benefit-uses/{use}/restore', {
                params: { path: { use: restoring.use } },
                body: { reason },
              }),
            )
          }
        />
      )}
    </>
  )
}

function useColumns(restore: (use: Restoring) => void): TableColumnsType<Use> {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const actor = useActor()
  const may = useMay()
  return [
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
            <Button size="small" onClick={() => restore({ name: one.name, use: one.use ?? '' })}>
              {t('use.restore')}
            </Button>
          )
        ),
    },
  ]
}
