/** Grants in a table, each of which can be taken back. */
import { client, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Flex, Tag, Typography, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMay } from '../shell/session'
import { useActor } from '../shell/actors'
import type { Grant } from './offered'
import { ReasonDeed } from './ReasonDeed'
import { RecordTable, type RecordsProps } from './RecordTable'

export function GrantTable(records: RecordsProps<Grant>) {
  const { t } = useTranslation('benefits')
  const [ending, end] = useState<Grant>()
  return (
    <>
      <RecordTable<Grant>
        {...records}
        rowKey="grant"
        none={t('grant.none')}
        after={useColumns(end)}
      />
      {ending && (
        <ReasonDeed
          isDanger
          title={t('grant.endTitle', { name: ending.name })}
          deed={t('grant.end')}
          text={t('grant.endText')}
          done={t('grant.ended')}
          onClose={() => end(undefined)}
          send={(reason) =>
            told(
              client.POST('/v1/benefit-grants/{grant}/end', {
                params: { path: { grant: ending.grant } },
                body: { reason },
              }),
            )
          }
        />
      )}
    </>
  )
}

function useColumns(end: (grant: Grant) => void): TableColumnsType<Grant> {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const actor = useActor()
  const may = useMay()
  return [
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
