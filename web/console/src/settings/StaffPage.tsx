/** Everybody on the staff, and how to bring somebody in. */
import { UserAddOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Form, Input, Modal, Select, Skeleton, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { RolePicker } from './RolePicker'
import { SettingsFrame } from './SettingsFrame'
import { RoleTags } from '../access/RoleTags'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'

export type Colleague = Schemas['StaffAnswer']

/** What was changed a moment ago is seen at once. */
export const NOW = { staleTime: 0 }

export function Component() {
  const { t } = useTranslation('settings')
  const [isInviting, setInviting] = useState(false)
  const cursor = useCursor()
  const found = api.useQuery('get', '/v1/staff', { params: { query: { limit: 50, cursor } } }, NOW)
  return (
    <SettingsFrame
      active="staff"
      extra={
        <Button type="primary" icon={<UserAddOutlined />} onClick={() => setInviting(true)}>
          {t('staff.invite')}
        </Button>
      }
    >
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && (
        <Card styles={{ body: { padding: 0 } }}>
          <People items={found.data.items} />
        </Card>
      )}
      <Pager next={found.data?.next} />
      {isInviting && (
        <Invite
          onClose={() => setInviting(false)}
          onDone={() => {
            setInviting(false)
            void found.refetch()
          }}
        />
      )}
    </SettingsFrame>
  )
}

function People({ items }: { items: Colleague[] }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  return (
    <Table
      size="middle"
      rowKey="staff"
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('staff.name'),
          render: (_, one) => (
            <Link to={`/settings/staff/${one.staff}`}>{one.name || one.email}</Link>
          ),
        },
        { title: t('account.email'), dataIndex: 'email' },
        { title: t('account.roles'), render: (_, one) => <RoleTags roles={one.roles} /> },
        { title: t('staff.state'), render: (_, one) => <StaffState one={one} /> },
        {
          title: t('totp.short'),
          render: (_, one) => (one.second_factor ? t('shared:yes') : t('shared:no')),
        },
        { title: t('staff.since'), render: (_, one) => formats.day(one.invited_at) },
      ]}
    />
  )
}

export function StaffState({ one }: { one: Colleague }) {
  const { t } = useTranslation('settings')
  if (one.suspended_at) return <Tag color="error">{t('staff.suspended')}</Tag>
  if (!one.accepted_at) return <Tag color="warning">{t('staff.invited')}</Tag>
  return <Tag color="success">{t('staff.active')}</Tag>
}

function Invite({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [form] = Form.useForm<Schemas['InvitationIn']>()
  const invite = api.useMutation('post', '/v1/staff')
  const send = async (body: Schemas['InvitationIn']) => {
    const made = await guarded(() => invite.mutateAsync({ body })).catch(() => undefined)
    if (made) {
      message.success(t('staff.isInvited', { email: body.email }))
      onDone()
    }
  }
  return (
    <Modal
      open
      title={t('staff.invite')}
      okText={t('staff.send')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: invite.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ language: 'en', roles: [] }}
        onFinish={(body) => void send(body)}
      >
        <Form.Item
          name="email"
          label={t('account.email')}
          rules={[{ required: true, type: 'email', message: t('staff.emailNeeded') }]}
        >
          <Input autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="roles"
          label={t('account.roles')}
          rules={[{ required: true, message: t('staff.rolesNeeded') }]}
        >
          <RolePicker />
        </Form.Item>
        <Form.Item name="language" label={t('staff.language')}>
          <Select
            options={[
              { value: 'en', label: t('shared:english') },
              { value: 'zh-CN', label: t('shared:chinese') },
            ]}
          />
        </Form.Item>
        <ProblemAlert problem={invite.error} />
      </Form>
    </Modal>
  )
}
