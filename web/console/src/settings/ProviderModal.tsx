/** A third party by which people sign in: set, or set anew. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Form, Input, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'

export type Audience = 'staff' | 'members'

/** Of either kind: what only one of them has may be missing. */
export interface Provider {
  code: string
  name: string
  issuer: string
  client_id: string
  redirect_uri: string
  kind?: string
  mail_domains?: string[]
}

interface Fields {
  code: string
  kind: 'oidc' | 'wechat'
  name: string
  issuer?: string
  client_id: string
  client_secret?: string
  mail_domains?: string[]
}

interface Props {
  audience: Audience
  provider: Provider | undefined
  onClose: () => void
  onSaved: () => void
}

export function ProviderModal({ audience, provider, onClose, onSaved }: Props) {
  const { t } = useTranslation('settings')
  const guarded = useSecondFactor()
  const [form] = Form.useForm<Fields>()
  const kind: Fields['kind'] | undefined = Form.useWatch('kind', form)
  const ofStaff = api.useMutation('put', '/v1/staff-providers/{code}')
  const ofMembers = api.useMutation('put', '/v1/member-providers/{code}')
  const isBusy = ofStaff.isPending || ofMembers.isPending

  const send = async (fields: Fields) => {
    const params = { path: { code: fields.code } }
    const { name, client_id, client_secret = '', issuer = '' } = fields
    const common = { name, client_id, client_secret, issuer }
    const done = await guarded<unknown>(() =>
      audience === 'staff'
        ? ofStaff.mutateAsync({
            params,
            body: { ...common, mail_domains: fields.mail_domains ?? [] },
          })
        : ofMembers.mutateAsync({
            params,
            body: { ...common, kind: fields.kind } as Schemas['ProviderIn'],
          }),
    ).catch(() => undefined)
    if (done) onSaved()
  }
  const needed = [{ required: true, whitespace: true, message: t('providers.needed') }]
  return (
    <Modal
      open
      title={t('providers.add')}
      okText={t('shared:save')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ kind: 'oidc', ...provider }}
        onFinish={(fields) => void send(fields)}
      >
        <Form.Item
          name="code"
          label={t('providers.code')}
          extra={t('providers.codeHint')}
          rules={[
            {
              required: true,
              pattern: /^[a-z][a-z0-9_-]{0,29}$/,
              message: t('providers.codeHint'),
            },
          ]}
        >
          <Input disabled={provider !== undefined} autoFocus />
        </Form.Item>
        {audience === 'members' && (
          <Form.Item name="kind" label={t('providers.kind')}>
            <Select
              options={[
                { value: 'oidc', label: 'OpenID Connect' },
                { value: 'wechat', label: t('providers.wechat') },
              ]}
            />
          </Form.Item>
        )}
        <Form.Item
          name="name"
          label={t('providers.name')}
          extra={t('providers.nameHint')}
          rules={needed}
        >
          <Input maxLength={60} />
        </Form.Item>
        {kind !== 'wechat' && (
          <Form.Item
            name="issuer"
            label={t('providers.issuer')}
            extra={t('providers.issuerHint')}
            rules={needed}
          >
            <Input placeholder="https://login.example.com" />
          </Form.Item>
        )}
        <Form.Item name="client_id" label={t('providers.clientId')} rules={needed}>
          <Input />
        </Form.Item>
        <Form.Item
          name="client_secret"
          label={t('providers.secret')}
          extra={t('providers.secretHint')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {audience === 'staff' && (
          <Form.Item
            name="mail_domains"
            label={t('providers.domains')}
            extra={t('providers.domainsHint')}
            rules={[{ required: true, message: t('providers.needed') }]}
          >
            <Select mode="tags" open={false} suffix={null} tokenSeparators={[',', ' ']} />
          </Form.Item>
        )}
        <ProblemAlert problem={ofStaff.error ?? ofMembers.error} />
      </Form>
    </Modal>
  )
}
