/** Every version: when, why, what it changed; the way back to an earlier one. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Select, Skeleton, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../shell/Nothing'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useUrlStates } from '../../shell/urlState'
import { NewDraft } from '../drafts/NewDraft'
import { RestoreModal, type Version } from './RestoreModal'
import { VersionDiff } from './VersionDiff'

export function Versions() {
  const { t } = useTranslation('program')
  const may = useMay()
  const formats = useFormats()
  const [read, write] = useUrlStates()
  const [restored, setRestored] = useState<Version | null>(null)
  // When this list was opened tells what is in force and what is still to come.
  const [now] = useState(() => Date.now())
  const found = api.useQuery('get', '/v1/programs/versions', {}, { staleTime: 0 })
  const current = api.useQuery('get', '/v1/programs/current', {}, { retry: false })
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton active />
  const items = [...found.data.items].reverse()
  if (!items.length) return <Nothing text={t('versions.none')} />
  const zone = current.data?.time_zone
  const inForce = current.data?.version
  const stateOf = (one: Version) => {
    if (new Date(one.in_force_from).getTime() > now)
      return <Tag color="processing">{t('versions.scheduled')}</Tag>
    if (one.version === inForce) return <Tag color="success">{t('versions.inForce')}</Tag>
    return <Tag>{t('versions.past')}</Tag>
  }
  const to = Number(read('to') ?? items[0]?.version)
  const from = Number(read('from') ?? Math.max(to - 1, 1))
  const choices = items.map((one) => ({
    value: one.version,
    label: t('versions.one', { version: one.version }),
  }))
  return (
    <Flex vertical gap="middle">
      <Table<Version>
        size="small"
        rowKey="version"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={items}
        columns={[
          {
            key: 'version',
            title: t('versions.version'),
            render: (_, one) => t('versions.one', { version: one.version }),
          },
          { key: 'state', title: t('versions.state'), render: (_, one) => stateOf(one) },
          {
            key: 'from',
            title: t('versions.from'),
            render: (_, one) => formats.moment(one.in_force_from, zone),
          },
          {
            key: 'published',
            title: t('versions.published'),
            render: (_, one) => formats.moment(one.published_at, zone),
          },
          { key: 'note', title: t('versions.note'), render: (_, one) => one.note || '–' },
          {
            key: 'acts',
            title: t('versions.acts'),
            render: (_, one) => (
              <>
                {may('program:draft') && (
                  <NewDraft version={one.version} label={t('versions.draft')} isLink />
                )}
                {may('program:publish') && one.version !== inForce && (
                  <Button type="link" size="small" onClick={() => setRestored(one)}>
                    {t('versions.restore')}
                  </Button>
                )}
              </>
            ),
          },
        ]}
      />
      {items.length > 1 && (
        <Card
          size="small"
          title={t('versions.compare')}
          extra={
            <Flex gap="small" align="center" wrap>
              <Select
                size="small"
                aria-label={t('versions.older')}
                value={from}
                options={choices}
                onChange={(next) => write({ from: String(next) })}
              />
              →
              <Select
                size="small"
                aria-label={t('versions.newer')}
                value={to}
                options={choices}
                onChange={(next) => write({ to: String(next) })}
              />
            </Flex>
          }
        >
          <VersionDiff from={from} to={to} />
        </Card>
      )}
      <RestoreModal version={restored} onClose={() => setRestored(null)} />
    </Flex>
  )
}
