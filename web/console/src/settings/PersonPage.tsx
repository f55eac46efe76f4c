/** Somebody on the staff: roles, sessions, kept out and let in again. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Descriptions, Flex, Popconfirm, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { RolePicker } from './RolePicker'
import { SessionList } from './SessionList'
import { SettingsFrame } from './SettingsFrame'
import { NOW, StaffState, type Colleague } from './StaffPage'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'
import { useMe } from '../shell/session'

export function Component() {
  const { name = '' } = useParams()
  const { t } = useTranslation('settings')
  const found = api.useQuery('get', '/v1/staff/{staff}', { params: { path: { staff: name } } }, NOW)
  const look = () => void found.refetch()
  return (
    <SettingsFrame
      active="staff"
      extra={
        <Link to="/settings/staff">
          <Button>{t('staff.all')}</Button>
        </Link>
      }
    >
      <ProblemAlert problem={found.error} onRetry={look} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && (
        <Flex vertical gap="middle" style={{ maxWidth: 880 }}>
          <Who one={found.data} onChanged={look} />
          <Roles key={found.data.roles.join()} one={found.data} onChanged={look} />
          <Sessions one={found.data} />
        </Flex>
      )}
    </SettingsFrame>
  )
}

interface Props {
  one: Colleague
  onChanged: () => void
}

function Who({ one, onChanged }: Props) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const formats = useFormats()
  const me = useMe()
  const path = { params: { path: { staff: one.staff } } }
  const resend = api.useMutation('post', '/v1/staff/{staff}/invitation')
  const suspend = api.useMutation('post', '/v1/staff/{staff}/suspend')
  const resume = api.useMutation('post', '/v1/staff/{staff}/resume')
  const run = async (deed: () => Promise<unknown>, words: string) => {
    const done = await guarded(deed).then(
      () => true,
      () => false,
    )
    if (done) {
      message.success(words)
      onChanged()
    }
  }
  return (
    <Card title={one.name || one.email} extra={<StaffState one={one} />}>
      <Flex vertical gap="middle">
        <Descriptions
          column={1}
          items={[
            { key: 'email', label: t('account.email'), children: one.email },
            { key: 'id', label: t('staff.actor'), children: one.actor },
            { key: 'since', label: t('staff.since'), children: formats.moment(one.invited_at) },
            {
              key: 'totp',
              label: t('totp.short'),
              children: one.second_factor ? t('shared:yes') : t('shared:no'),
            },
          ]}
        />
        <ProblemAlert problem={resend.error ?? suspend.error ?? resume.error} />
        <Flex gap="small" wrap>
          {!one.accepted_at && (
            <Button
              loading={resend.isPending}
              onClick={() => void run(() => resend.mutateAsync(path), t('staff.resent'))}
            >
              {t('staff.resend')}
            </Button>
          )}
          {one.suspended_at ? (
            <Button
              loading={resume.isPending}
              onClick={() => void run(() => resume.mutateAsync(path), t('staff.isBack'))}
            >
              {t('staff.resume')}
            </Button>
          ) : (
            <Popconfirm
              title={t('staff.sure')}
              okText={t('staff.suspend')}
              cancelText={t('shared:cancel')}
              okButtonProps={{ danger: true }}
              onConfirm={() => void run(() => suspend.mutateAsync(path), t('staff.isSuspended'))}
            >
              <Button danger disabled={one.staff === me.staff.staff}>
                {t('staff.suspend')}
              </Button>
            </Popconfirm>
          )}
          <Link to={`/settings/audit?actor=${encodeURIComponent(one.actor)}`}>
            <Button>{t('staff.audit')}</Button>
          </Link>
        </Flex>
      </Flex>
    </Card>
  )
}

function Roles({ one, onChanged }: Props) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [roles, setRoles] = useState(one.roles)
  const set = api.useMutation('put', '/v1/staff/{staff}/roles')
  const isSame = [...roles].sort().join() === [...one.roles].sort().join()
  const save = async () => {
    const params = { path: { staff: one.staff } }
    const done = await guarded(() => set.mutateAsync({ params, body: { roles } })).catch(
      () => undefined,
    )
    if (done) {
      message.success(t('staff.rolesSaved'))
      onChanged()
    }
  }
  return (
    <Card title={t('account.roles')}>
      <Flex vertical gap="middle" align="start">
        <RolePicker value={roles} onChange={setRoles} />
        <ProblemAlert problem={set.error} />
        <Button
          type="primary"
          disabled={isSame || !roles.length}
          loading={set.isPending}
          onClick={() => void save()}
        >
          {t('shared:save')}
        </Button>
      </Flex>
    </Card>
  )
}

function Sessions({ one }: { one: Colleague }) {
  const { t } = useTranslation('settings')
  const params = { path: { staff: one.staff } }
  const found = api.useQuery('get', '/v1/staff/{staff}/sessions', { params })
  const onSuccess = () => void found.refetch()
  const end = api.useMutation('delete', '/v1/staff/{staff}/sessions/{session}', { onSuccess })
  const endAll = api.useMutation('delete', '/v1/staff/{staff}/sessions', { onSuccess })
  return (
    <Card
      title={t('sessions.theirs')}
      styles={{ body: { padding: 0 } }}
      extra={
        <Button
          size="small"
          danger
          disabled={!found.data?.items.length}
          loading={endAll.isPending}
          onClick={() => endAll.mutate({ params })}
        >
          {t('sessions.endAll')}
        </Button>
      }
    >
      <SessionList
        sessions={found.data?.items}
        problem={found.error ?? end.error ?? endAll.error}
        isBusy={end.isPending}
        onEnd={(session) => end.mutate({ params: { path: { ...params.path, session } } })}
      />
    </Card>
  )
}
