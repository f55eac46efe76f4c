/** The designer of one draft. */
import { api } from '@regulars/shared/api/client'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { Designer } from './Designer'

export function Component() {
  const { t } = useTranslation(['program', 'document'])
  const { draft = '' } = useParams()
  // Read once: from then on the desk itself looks whether a colleague saved.
  const found = api.useQuery(
    'get',
    '/v1/drafts/{draft}',
    { params: { path: { draft } } },
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  )
  const schema = api.useQuery('get', '/v1/programs/schema', {}, { staleTime: Infinity })
  const problem = found.error ?? schema.error
  if (problem)
    return (
      <>
        <PageHead title={t('draft.title')} />
        <ProblemAlert
          problem={problem}
          onRetry={() => void Promise.all([found.refetch(), schema.refetch()])}
        />
      </>
    )
  if (!found.data || !schema.data) return <Skeleton active paragraph={{ rows: 12 }} />
  return <Designer key={draft} first={found.data} root={schema.data} />
}
