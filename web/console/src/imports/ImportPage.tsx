/** One file: mapped and tried before it is started, followed while it runs, corrected afterwards. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Button, Flex, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { MappingPanel } from './MappingPanel'
import { ProgressPanel } from './ProgressPanel'
import { RejectedPanel } from './RejectedPanel'
import { isAtWork, StateTag, type Import } from './StateTag'
import { useFileProblem } from './fileProblems'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { bytesOf } from '../shell/sizes'

const LOOK_EVERY_MS = 1000

export function Component() {
  const { t } = useTranslation('imports')
  const { name = '' } = useParams()
  const formats = useFormats()
  const found = api.useQuery(
    'get',
    '/v1/imports/{import_id}',
    { params: { path: { import_id: name } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? LOOK_EVERY_MS : false),
    },
  )
  const file = found.data
  const look = () => void found.refetch()
  return (
    <>
      <PageHead
        title={file?.name ?? t('one.title')}
        sub={
          file && (
            <Flex gap="small" align="center" wrap component="span">
              <StateTag state={file.state} />
              {t('one.sub', {
                bytes: bytesOf(file.size_bytes, formats.count),
                at: formats.moment(file.created_at),
              })}
            </Flex>
          )
        }
        extra={
          <Link to="/imports">
            <Button>{t('one.back')}</Button>
          </Link>
        }
      />
      <ProblemAlert problem={found.error} onRetry={look} />
      {!file && !found.error && <Skeleton active paragraph={{ rows: 8 }} />}
      {file && <Body file={file} onMoved={look} />}
    </>
  )
}

function Body({ file, onMoved }: { file: Import; onMoved: () => void }) {
  const { t } = useTranslation('imports')
  if (file.state === 'uploaded')
    return file.has_file ? (
      <Mapping file={file} onStarted={onMoved} />
    ) : (
      <Alert type="warning" showIcon title={t('one.gone')} />
    )
  return (
    <Flex vertical gap="middle">
      <ProgressPanel key={file.id} file={file} onMoved={onMoved} />
      {file.rejected > 0 && (
        <RejectedPanel key={`${file.id}-rejected`} file={file} onCorrected={onMoved} />
      )}
    </Flex>
  )
}

function Mapping({ file, onStarted }: { file: Import; onStarted: () => void }) {
  const opened = api.useQuery(
    'get',
    '/v1/imports/{import_id}/top',
    { params: { path: { import_id: file.id } } },
    { staleTime: Infinity },
  )
  const problem = useFileProblem(opened.error)
  if (opened.error) return <ProblemAlert problem={problem} />
  if (!opened.data) return <Skeleton active paragraph={{ rows: 8 }} />
  return <MappingPanel opened={opened.data} onStarted={onStarted} />
}
