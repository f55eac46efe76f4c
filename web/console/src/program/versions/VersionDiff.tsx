/** What one version changed of another: in words, and line by line. */
import { api } from '@regulars/shared/api/client'
import { Collapse, Flex, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { TextDiff } from '../drafts/TextDiff'

export function VersionDiff({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation('program')
  const found = api.useQuery('get', '/v1/programs/diff', { params: { query: { from, to } } })
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton active />
  const { changes } = found.data
  return (
    <Flex vertical gap="middle">
      {changes.length ? (
        <ul style={{ margin: 0, paddingInlineStart: 20 }}>
          {changes.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      ) : (
        <span>{t('diff.same')}</span>
      )}
      <Collapse
        size="small"
        items={[{ key: 'text', label: t('diff.text'), children: <Lines from={from} to={to} /> }]}
      />
    </Flex>
  )
}

function Lines({ from, to }: { from: number; to: number }) {
  const before = useDocument(from)
  const after = useDocument(to)
  if (!before || !after) return <Skeleton active />
  return <TextDiff before={before} after={after} />
}

/** The text of a version, which never changes. */
function useDocument(version: number): string | undefined {
  const found = api.useQuery(
    'get',
    '/v1/programs/versions/{version}',
    { params: { path: { version } } },
    { staleTime: Infinity },
  )
  return found.data?.document
}
