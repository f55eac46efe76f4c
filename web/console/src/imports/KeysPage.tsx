/** API keys: made with what they may do, shown once, revoked. */
import { PlusOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import {
  App,
  Button,
  Card,
  Flex,
  Form,
  Input,
  InputNumber,
  Modal,
  Popconfirm,
  Skeleton,
  Switch,
  Table,
  Tag,
  Typography,
} from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SourceTabs } from './SourceTabs'
import { ScopePicker } from '../access/ScopePicker'
import { SecretOnce } from '../access/SecretOnce'
import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlState } from '../shell/urlState'

type Key = Schemas['KeyAnswer']
type Wanted = Schemas['KeyIn']

const DEFAULT_RATE = 6000

export function Component() {
  const { t } = useTranslation('imports')
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<Key>()
  const [revoked, setRevoked] = useUrlState('revoked')
  const found = api.useQuery('get', '/v1/keys')
  const keys = (found.data?.items ?? []).filter((one) => revoked || !one.revoked_at)
  const make = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {t('keys.make')}
    </Button>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('keys.sub')} extra={make} />
      <SourceTabs active="keys" />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && (
        <Flex vertical gap="small">
          <Flex gap="small" align="center">
            <Switch
              id="revoked"
              checked={revoked !== ''}
              onChange={(on) => setRevoked(on ? 'yes' : '')}
            />
            <label htmlFor="revoked">{t('keys.withRevoked')}</label>
          </Flex>
          <Card styles={{ body: { padding: keys.length ? 0 : 24 } }}>
            {keys.length ? (
              <Keys items={[...keys].reverse()} onRevoked={() => void found.refetch()} />
            ) : (
              <Nothing text={t('keys.none')} action={make} />
            )}
          </Card>
        </Flex>
      )}
      {isMaking && (
        <MakeKey
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false)
            setMade(key)
            void found.refetch()
          }}
        />
      )}
      <SecretOnce
        title={t('keys.made', { name: made?.name ?? '' })}
        values={made?.secret ? [{ label: t('keys.secret'), text: made.secret }] : undefined}
        note={t('keys.note')}
        onClose={() => setMade(undefined)}
      />
    </>
  )
}

function Keys({ items, onRevoked }: { items: Key[]; onRevoked: () => void }) {
  const { t } = useTranslation('imports')
  const { message } = App.useApp()
  const formats = useFormats()
  const revoke = api.useMutation('delete', '/v1/keys/{key}', {
    onSuccess: () => {
      message.success(t('keys.isRevoked'))
      onRevoked()
    },
  })
  return (
    <>
      <ProblemAlert problem={revoke.error} />
      <Table
        size="middle"
        rowKey="key"
        dataSource={items}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('keys.name'), dataIndex: 'name' },
          {
            title: t('keys.may'),
            render: (_, one) => (
              <Flex gap={4} wrap style={{ maxWidth: 420 }}>
                {one.scopes.map((scope) => (
                  <Tag key={scope}>{scope}</Tag>
                ))}
              </Flex>
            ),
          },
          {
            title: t('keys.rate'),
            align: 'right',
            render: (_, one) =>
              one.rate_per_minute ? formats.count(one.rate_per_minute) : t('keys.noLimit'),
          },
          { title: t('keys.since'), render: (_, one) => formats.day(one.created_at) },
          {
            title: t('keys.used'),
            render: (_, one) =>
              one.last_used_at ? formats.ago(one.last_used_at) : t('keys.never'),
          },
          {
            title: '',
            align: 'right',
            render: (_, one) =>
              one.revoked_at ? (
                <Typography.Text type="secondary">
                  {t('keys.gone', { at: formats.day(one.revoked_at) })}
                </Typography.Text>
              ) : (
                <Popconfirm
                  title={t('keys.sure')}
                  okText={t('keys.revoke')}
                  cancelText={t('shared:cancel')}
                  okButtonProps={{ danger: true }}
                  onConfirm={() => revoke.mutate({ params: { path: { key: one.key } } })}
                >
                  <Button size="small" danger>
                    {t('keys.revoke')}
                  </Button>
                </Popconfirm>
              ),
          },
        ]}
      />
    </>
  )
}

function MakeKey({ onClose, onMade }: { onClose: () => void; onMade: (key: Key) => void }) {
  const { t } = useTranslation('imports')
  const [form] = Form.useForm<Wanted>()
  const make = api.useMutation('post', '/v1/keys', { onSuccess: onMade })
  return (
    <Modal
      open
      title={t('keys.make')}
      okText={t('keys.make')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: make.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ rate_per_minute: DEFAULT_RATE, scopes: ['events:write'] }}
        onFinish={(body) => make.mutate({ body })}
      >
        <Form.Item
          name="name"
          label={t('keys.name')}
          extra={t('keys.nameHint')}
          rules={[{ required: true, whitespace: true, message: t('keys.nameNeeded') }]}
        >
          <Input maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={t('keys.may')}
          rules={[{ required: true, message: t('keys.scopesNeeded') }]}
        >
          <ScopePicker isForApplications />
        </Form.Item>
        <Form.Item name="rate_per_minute" label={t('keys.rate')} extra={t('keys.rateHint')}>
          <InputNumber min={0} max={10_000_000} style={{ width: 160 }} />
        </Form.Item>
        <ProblemAlert problem={make.error} />
      </Form>
    </Modal>
  )
}
