/** Where one is signed in. */
import { api } from '@regulars/shared/api/client'
import { App, Card } from 'antd'
import { useTranslation } from 'react-i18next'

import { SessionList } from './SessionList'

export function OwnSessions() {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const found = api.useQuery('get', '/v1/staff/me/sessions')
  const end = api.useMutation('delete', '/v1/staff/me/sessions/{session}', {
    onSuccess: () => {
      message.success(t('sessions.ended'))
      void found.refetch()
    },
  })
  return (
    <Card title={t('sessions.title')} styles={{ body: { padding: 0 } }}>
      <SessionList
        sessions={found.data?.items}
        problem={found.error ?? end.error}
        isBusy={end.isPending}
        onEnd={(session) => end.mutate({ params: { path: { session } } })}
      />
    </Card>
  )
}
