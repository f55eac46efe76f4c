/** Applications by OAuth 2.0: registered, changed, given new secrets, shut out. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Dropdown, Flex, Skeleton, Table, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ClientModal, type Client } from './ClientModal'
import { SourceTabs } from './SourceTabs'
import { SecretOnce } from '../access/SecretOnce'
import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'

export function Component() {
  const { t } = useTranslation('imports')
  const [edited, setEdited] = useState<Client | 'new'>()
  const [made, setMade] = useState<Client>()
  const cursor = useCursor()
  const found = api.useQuery('get', '/v1/clients', {
    params: { query: { limit: 50, cursor } },
  })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('clients.make')}
    </Button>
  )
  const look = () => void found.refetch()
  const items = found.data?.items ?? []
  return (
    <>
      <PageHead title={t('area')} sub={t('clients.sub')} extra={add} />
      <SourceTabs active="applications" />
      <ProblemAlert problem={found.error} onRetry={look} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && (
        <Card styles={{ body: { padding: items.length ? 0 : 24 } }}>
          {items.length ? (
            <Clients items={items} onEdit={setEdited} onSecret={setMade} onChanged={look} />
          ) : (
            <Nothing text={t('clients.none')} action={add} />
          )}
        </Card>
      )}
      <Pager next={found.data?.next} />
      {edited && (
        <ClientModal
          client={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onSaved={(client) => {
            setEdited(undefined)
            if (client.client_secret) setMade(client)
            look()
          }}
        />
      )}
      <SecretOnce
        title={t('clients.made', { name: made?.client_name ?? '' })}
        values={
          made?.client_secret
            ? [
                { label: t('clients.id'), text: made.client_id },
                { label: t('clients.secret'), text: made.client_secret },
              ]
            : undefined
        }
        note={made?.old_secret_until ? t('clients.oldSecret') : undefined}
        onClose={() => setMade(undefined)}
      />
    </>
  )
}

interface ListProps {
  items: Client[]
  onEdit: (client: Client) => void
  onSecret: (client: Client) => void
  onChanged: () => void
}

function Clients({ items, onEdit, onSecret, onChanged }: ListProps) {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  return (
    <Table
      size="middle"
      rowKey="client_id"
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('clients.name'),
          render: (_, one) => (
            <>
              <div>{one.client_name}</div>
              <Typography.Text type="secondary" copyable={{ text: one.client_id }}>
                {one.client_id}
              </Typography.Text>
            </>
          ),
        },
        {
          title: t('clients.grants'),
          render: (_, one) => one.grant_types.map((name) => t(`grants.${name}`)).join(', '),
        },
        {
          title: t('keys.may'),
          render: (_, one) => (
            <Flex gap={4} wrap style={{ maxWidth: 340 }}>
              {one.scope.split(' ').map((scope) => (
                <Tag key={scope}>{scope}</Tag>
              ))}
            </Flex>
          ),
        },
        {
          title: t('keys.since'),
          render: (_, one) => formats.day(new Date(one.client_id_issued_at * 1000)),
        },
        {
          title: '',
          align: 'right',
          render: (_, one) =>
            one.disabled_at ? (
              <Typography.Text type="secondary">
                {t('clients.gone', { at: formats.day(one.disabled_at) })}
              </Typography.Text>
            ) : (
              <Deeds client={one} onEdit={onEdit} onSecret={onSecret} onChanged={onChanged} />
            ),
        },
      ]}
    />
  )
}

function Deeds({
  client,
  onEdit,
  onSecret,
  onChanged,
}: Omit<ListProps, 'items'> & { client: Client }) {
  const { t } = useTranslation('imports')
  const { message, modal } = App.useApp()
  const path = { params: { path: { client_id: client.client_id } } }
  const renew = api.useMutation('post', '/v1/clients/{client_id}/secret', { onSuccess: onSecret })
  const shut = api.useMutation('delete', '/v1/clients/{client_id}', {
    onSuccess: () => {
      message.success(t('clients.isShut'))
      onChanged()
    },
  })
  const hasSecret = client.token_endpoint_auth_method !== 'none'
  const ask = (key: string) => {
    if (key === 'edit') onEdit(client)
    if (key === 'renew' || key === 'leaked')
      renew.mutate({ ...path, body: { at_once: key === 'leaked' } })
    if (key === 'shut')
      modal.confirm({
        title: t('clients.sure', { name: client.client_name }),
        content: t('clients.sureText'),
        okText: t('clients.shut'),
        cancelText: t('shared:cancel'),
        okButtonProps: { danger: true },
        onOk: () => shut.mutateAsync(path),
      })
  }
  return (
    <>
      <Dropdown
        menu={{
          onClick: ({ key }) => ask(key),
          items: [
            { key: 'edit', label: t('shared:edit') },
            ...(hasSecret
              ? [
                  { key: 'renew', label: t('clients.renew') },
                  { key: 'leaked', label: t('clients.leaked') },
                ]
              : []),
            { key: 'shut', label: t('clients.shut'), danger: true },
          ],
        }}
      >
        <Button size="small">{t('shared:more')}</Button>
      </Dropdown>
      <ProblemAlert problem={renew.error ?? shut.error} />
    </>
  )
}
