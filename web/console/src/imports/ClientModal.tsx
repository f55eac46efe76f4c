/** An application to register or to change. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Form, Input, InputNumber, Modal, Radio } from 'antd'
import { useTranslation } from 'react-i18next'

import { ScopePicker } from '../access/ScopePicker'
import { ProblemAlert } from '../shell/ProblemAlert'

export type Client = Schemas['ClientAnswer']

interface Props {
  /** Undefined for a new one. */
  client: Client | undefined
  onClose: () => void
  onSaved: (client: Client) => void
}

interface Fields {
  client_name: string
  way: 'members' | 'server' | 'public'
  redirects?: string
  scopes: string[]
  rate_per_minute: number
}

const DEFAULT_RATE = 6000
const MOST_RATE = 10_000_000

/** What kinds of application there are, as OAuth calls them. */
const WAYS = {
  members: {
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
  public: {
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  },
  server: {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
} as const

export function ClientModal({ client, onClose, onSaved }: Props) {
  const { t } = useTranslation('imports')
  const [form] = Form.useForm<Fields>()
  const way = Form.useWatch('way', form)
  const add = api.useMutation('post', '/v1/clients', { onSuccess: onSaved })
  const change = api.useMutation('patch', '/v1/clients/{client_id}', { onSuccess: onSaved })
  const isByMembers = client ? client.redirect_uris.length > 0 : way !== 'server'

  const save = (fields: Fields) => {
    const common = {
      client_name: fields.client_name,
      scope: fields.scopes.join(' '),
      redirect_uris: (fields.redirects ?? '').split(/\s+/).filter(Boolean),
      rate_per_minute: fields.rate_per_minute,
    }
    if (client) change.mutate({ params: { path: { client_id: client.client_id } }, body: common })
    else {
      const { grant_types, token_endpoint_auth_method } = WAYS[fields.way]
      add.mutate({
        body: { ...common, grant_types: [...grant_types], token_endpoint_auth_method },
      })
    }
  }
  return (
    <Modal
      open
      title={client ? client.client_name : t('clients.make')}
      okText={client ? t('shared:save') : t('clients.make')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: add.isPending || change.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={
          client
            ? {
                client_name: client.client_name,
                scopes: client.scope.split(' '),
                redirects: client.redirect_uris.join('\n'),
                rate_per_minute: client.rate_per_minute,
              }
            : { way: 'server', scopes: ['events:write'], rate_per_minute: DEFAULT_RATE }
        }
        onFinish={save}
      >
        <Form.Item
          name="client_name"
          label={t('clients.name')}
          extra={t('clients.nameHint')}
          rules={[{ required: true, whitespace: true, message: t('keys.nameNeeded') }]}
        >
          <Input maxLength={100} autoFocus />
        </Form.Item>
        {!client && (
          <Form.Item name="way" label={t('clients.way')}>
            <Radio.Group
              vertical
              options={(['server', 'members', 'public'] as const).map((value) => ({
                value,
                label: t(`clients.ways.${value}`),
              }))}
            />
          </Form.Item>
        )}
        {isByMembers && (
          <Form.Item
            name="redirects"
            label={t('clients.redirects')}
            extra={t('clients.redirectsHint')}
            rules={[{ required: true, whitespace: true, message: t('clients.redirectsNeeded') }]}
          >
            <Input.TextArea rows={2} />
          </Form.Item>
        )}
        <Form.Item
          name="scopes"
          label={t('keys.may')}
          rules={[{ required: true, message: t('keys.scopesNeeded') }]}
        >
          <ScopePicker isForApplications withMembers={isByMembers} />
        </Form.Item>
        <Form.Item name="rate_per_minute" label={t('keys.rate')} extra={t('keys.rateHint')}>
          <InputNumber min={0} max={MOST_RATE} style={{ width: 160 }} />
        </Form.Item>
        <ProblemAlert problem={add.error ?? change.error} />
      </Form>
    </Modal>
  )
}
