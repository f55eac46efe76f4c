/** Who did what to what, when and why; and whether the trail is whole. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, DatePicker, Flex, Input, Skeleton, Table, Tag, Typography } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { AuditCheck } from './AuditCheck'
import { SettingsFrame } from './SettingsFrame'
import { useActor } from '../shell/actors'
import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlStates } from '../shell/urlState'

type Entry = Schemas['AuditEntryAnswer']

const FILTERS = ['action', 'actor', 'target', 'member', 'trace'] as const

export function Component() {
  const { t } = useTranslation('settings')
  const [read] = useUrlStates()
  const cursor = useCursor()
  const asked = Object.fromEntries(FILTERS.map((name) => [name, read(name)]))
  const wanted = {
    params: {
      query: { ...asked, from: read('from'), to: read('to'), limit: 50, cursor },
    },
  }
  const found = api.useQuery('get', '/v1/audit', wanted, { staleTime: 0 })
  const items = found.data?.items ?? []
  return (
    <SettingsFrame active="audit">
      <Flex vertical gap="middle">
        <AuditCheck />
        <Filters />
        <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
        {!found.data && !found.error && <Skeleton active />}
        {found.data && (
          <Card styles={{ body: { padding: items.length ? 0 : 24 } }}>
            {items.length ? <Entries items={items} /> : <Nothing text={t('audit.none')} />}
          </Card>
        )}
        <Pager next={found.data?.next} />
      </Flex>
    </SettingsFrame>
  )
}

function Filters() {
  const { t } = useTranslation('settings')
  const [read, set] = useUrlStates()
  const from = read('from')
  const to = read('to')
  return (
    <Flex gap="small" wrap role="search">
      {FILTERS.map((name) => (
        <Input.Search
          key={`${name}-${read(name) ?? ''}`}
          allowClear
          aria-label={t(`audit.filters.${name}`)}
          placeholder={t(`audit.filters.${name}`)}
          defaultValue={read(name) ?? ''}
          style={{ width: 210 }}
          onSearch={(text) => set({ [name]: text.trim() })}
        />
      ))}
      <DatePicker.RangePicker
        allowEmpty={[true, true]}
        aria-label={t('audit.range')}
        value={[from ? dayjs(from) : null, to ? dayjs(to).subtract(1, 'day') : null]}
        onChange={(range) =>
          set({
            from: range?.[0]?.startOf('day').toISOString() ?? '',
            to: range?.[1]?.add(1, 'day').startOf('day').toISOString() ?? '',
          })
        }
      />
      <Button
        onClick={() =>
          set(Object.fromEntries([...FILTERS, 'from', 'to'].map((name) => [name, ''])))
        }
      >
        {t('audit.clear')}
      </Button>
    </Flex>
  )
}

function Entries({ items }: { items: Entry[] }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const actor = useActor()
  return (
    <Table
      size="small"
      rowKey="entry"
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      expandable={{ expandedRowRender: (one) => <Details one={one} /> }}
      columns={[
        {
          title: t('audit.at'),
          render: (_, one) => <span title={one.at}>{formats.moment(one.at)}</span>,
        },
        {
          title: t('audit.actor'),
          render: (_, one) => <Filter name="actor" text={one.actor} label={actor(one.actor)} />,
        },
        {
          title: t('audit.action'),
          render: (_, one) => (
            <Tag>
              <Filter name="action" text={one.action} />
            </Tag>
          ),
        },
        {
          title: t('audit.target'),
          render: (_, one) => <Filter name="target" text={one.target} />,
        },
        {
          title: t('audit.purpose'),
          render: (_, one) => (
            <Typography.Text ellipsis={{ tooltip: true }} style={{ maxWidth: 260 }}>
              {one.purpose}
            </Typography.Text>
          ),
        },
      ]}
    />
  )
}

/** A value that narrows the search down to itself. */
function Filter({ name, text, label }: { name: string; text: string; label?: string }) {
  return (
    <Link to={`?${new URLSearchParams({ [name]: text }).toString()}`} title={label && text}>
      {label ?? text}
    </Link>
  )
}

function Details({ one }: { one: Entry }) {
  const { t } = useTranslation('settings')
  return (
    <Flex vertical gap={4}>
      {one.member && (
        <div>
          {t('audit.filters.member')}: <Link to={`/members/${one.member}`}>{one.member}</Link>
        </div>
      )}
      {one.trace && (
        <div>
          {t('audit.filters.trace')}: <Filter name="trace" text={one.trace} />
        </div>
      )}
      {(['before', 'after'] as const).map(
        (name) =>
          one[name] !== null && (
            <div key={name}>
              {t(`audit.${name}`)}:{' '}
              <Typography.Text code>{JSON.stringify(one[name])}</Typography.Text>
            </div>
          ),
      )}
    </Flex>
  )
}
