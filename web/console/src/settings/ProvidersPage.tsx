/** By which third parties staff and members sign in. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { App, Button, Card, Flex, Popconfirm, Skeleton, Table, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProviderModal, type Audience, type Provider } from './ProviderModal'
import { SettingsFrame } from './SettingsFrame'
import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'

export function Component() {
  return (
    <SettingsFrame active="sign-in">
      <Flex vertical gap="middle" style={{ maxWidth: 980 }}>
        <OfStaff />
        <OfMembers />
      </Flex>
    </SettingsFrame>
  )
}

function OfStaff() {
  const found = api.useQuery('get', '/v1/staff-providers')
  const remove = api.useMutation('delete', '/v1/staff-providers/{code}')
  return (
    <Providers
      audience="staff"
      items={found.data?.items}
      problem={found.error}
      onLook={() => void found.refetch()}
      remove={(code) => remove.mutateAsync({ params: { path: { code } } })}
    />
  )
}

function OfMembers() {
  const found = api.useQuery('get', '/v1/member-providers')
  const remove = api.useMutation('delete', '/v1/member-providers/{code}')
  return (
    <Providers
      audience="members"
      items={found.data?.items}
      problem={found.error}
      onLook={() => void found.refetch()}
      remove={(code) => remove.mutateAsync({ params: { path: { code } } })}
    />
  )
}

interface Props {
  audience: Audience
  items: Provider[] | undefined
  problem: unknown
  onLook: () => void
  remove: (code: string) => Promise<unknown>
}

function Providers({ audience, items, problem, onLook, remove }: Props) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [edited, setEdited] = useState<Provider | 'new'>()
  const [failure, setFailure] = useState<unknown>()
  const add = (
    <Button size="small" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('providers.add')}
    </Button>
  )
  const removed = (code: string) =>
    guarded(() => remove(code)).then(
      () => {
        message.success(t('providers.removed'))
        onLook()
      },
      (error: unknown) => setFailure(error),
    )
  return (
    <Card
      title={t(`providers.${audience}`)}
      extra={add}
      styles={{ body: { padding: items?.length ? 0 : 24 } }}
    >
      <ProblemAlert problem={problem ?? failure} onRetry={onLook} />
      {!items && !problem && <Skeleton active />}
      {items && !items.length && <Nothing text={t(`providers.none.${audience}`)} />}
      {items && items.length > 0 && (
        <Table
          size="middle"
          rowKey="code"
          dataSource={items}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('providers.name'), dataIndex: 'name' },
            { title: t('providers.issuer'), render: (_, one) => one.issuer || one.kind },
            {
              title: t('providers.redirect'),
              render: (_, one) => (
                <Typography.Text
                  copyable={{ text: one.redirect_uri }}
                  ellipsis
                  style={{ maxWidth: 260 }}
                >
                  {one.redirect_uri}
                </Typography.Text>
              ),
            },
            {
              title: '',
              align: 'right',
              render: (_, one) => (
                <Flex gap="small" justify="end">
                  <Button size="small" onClick={() => setEdited(one)}>
                    {t('shared:edit')}
                  </Button>
                  <Popconfirm
                    title={t('providers.sure')}
                    okText={t('shared:remove')}
                    cancelText={t('shared:cancel')}
                    okButtonProps={{ danger: true }}
                    onConfirm={() => void removed(one.code)}
                  >
                    <Button size="small" danger>
                      {t('shared:remove')}
                    </Button>
                  </Popconfirm>
                </Flex>
              ),
            },
          ]}
        />
      )}
      {edited && (
        <ProviderModal
          audience={audience}
          provider={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined)
            message.success(t('providers.saved'))
            onLook()
          }}
        />
      )}
    </Card>
  )
}
