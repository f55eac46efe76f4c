/** How far an import has come, how fast it goes and what it has brought; paused, resumed, ended. */
import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Button, Card, Flex, Popconfirm, Progress, Statistic, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { isAtWork, stillRejected, type Import } from './StateTag'
import { usePace } from './pace'
import { ProblemAlert } from '../shell/ProblemAlert'

interface Props {
  file: Import
  onMoved: () => void
}

const LOOKS: Record<string, 'success' | 'exception' | undefined> = {
  done: 'success',
  failed: 'exception',
}

export function ProgressPanel({ file, onMoved }: Props) {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  const pace = usePace(file)
  return (
    <Card>
      <Flex vertical gap="middle">
        {file.state === 'done' && (
          <Alert
            type={stillRejected(file) ? 'warning' : 'success'}
            showIcon
            title={
              stillRejected(file)
                ? t('run.doneWith', { count: stillRejected(file) })
                : t('run.done')
            }
            description={file.repeated > 0 ? t('run.repeatedNote') : undefined}
            action={
              <Flex gap="small" wrap>
                <Link to="/members?sort=-active">{t('run.toMembers')}</Link>
                <Link to="/">{t('run.toOverview')}</Link>
              </Flex>
            }
          />
        )}
        {file.state === 'failed' && (
          <Alert
            type="error"
            showIcon
            title={t(`failures.${file.failure}`, {
              defaultValue: t('failures.internal'),
              line: formats.count(file.failure_line ?? 0),
            })}
            description={t('run.failedNote')}
          />
        )}
        {file.state === 'cancelled' && <Alert type="info" showIcon title={t('run.cancelled')} />}
        <Progress
          percent={Math.floor(file.share * 1000) / 10}
          status={LOOKS[file.state] ?? (isAtWork(file) ? 'active' : 'normal')}
          aria-label={t('run.progress')}
        />
        <Flex gap={32} wrap>
          {(['decided', 'repeated', 'waiting', 'rejected', 'corrected'] as const).map(
            (name) =>
              (name === 'decided' || name === 'rejected' || file[name] > 0) && (
                <Statistic
                  key={name}
                  title={t(`counts.${name}`)}
                  value={file[name]}
                  formatter={() => formats.count(file[name])}
                />
              ),
          )}
          {isAtWork(file) && pace && (
            <>
              <Statistic title={t('run.rate')} value={t('run.perSecond', { rate: pace.rate })} />
              {pace.left && <Statistic title={t('run.left')} value={pace.left} />}
            </>
          )}
        </Flex>
        <Deeds file={file} onMoved={onMoved} />
      </Flex>
    </Card>
  )
}

function Deeds({ file, onMoved }: Props) {
  const { t } = useTranslation('imports')
  const asked = { params: { path: { import_id: file.id } } }
  const pause = api.useMutation('post', '/v1/imports/{import_id}:pause', { onSuccess: onMoved })
  const resume = api.useMutation('post', '/v1/imports/{import_id}:resume', { onSuccess: onMoved })
  const cancel = api.useMutation('post', '/v1/imports/{import_id}:cancel', { onSuccess: onMoved })
  if (!isAtWork(file) && file.state !== 'paused') return null
  return (
    <Flex gap="small" align="center" wrap>
      {file.state === 'paused' ? (
        <Button
          type="primary"
          icon={<CaretRightOutlined />}
          loading={resume.isPending}
          onClick={() => resume.mutate(asked)}
        >
          {t('run.resume')}
        </Button>
      ) : (
        <Button
          icon={<PauseOutlined />}
          loading={pause.isPending}
          onClick={() => pause.mutate(asked)}
        >
          {t('run.pause')}
        </Button>
      )}
      <Popconfirm
        title={t('run.sure')}
        okText={t('run.cancel')}
        cancelText={t('shared:no')}
        okButtonProps={{ danger: true }}
        onConfirm={() => cancel.mutate(asked)}
      >
        <Button danger loading={cancel.isPending}>
          {t('run.cancel')}
        </Button>
      </Popconfirm>
      <Typography.Text type="secondary">{t('run.leave')}</Typography.Text>
      <ProblemAlert problem={pause.error ?? resume.error ?? cancel.error} />
    </Flex>
  )
}
