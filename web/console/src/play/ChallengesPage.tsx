/** Challenges, streaks and badges, as the program in force has them. */
import { api } from '@regulars/shared/api/client'
import { Button, Card, Flex, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { PlayTabs } from './PlayTabs'

export function Component() {
  const { t } = useTranslation('play')
  const found = api.useQuery('get', '/v1/challenges')
  const data = found.data
  const design = (
    <Link to="/program">
      <Button type="primary">{t('challenge.design')}</Button>
    </Link>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('challenge.sub')} extra={design} />
      <PlayTabs active="challenges" />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      <Flex vertical gap="middle">
        <Card title={t('challenge.title')} loading={found.isPending}>
          {data?.items.length ? (
            <Table
              size="middle"
              rowKey="rule"
              dataSource={data.items}
              pagination={false}
              scroll={{ x: 'max-content' }}
              columns={[
                { title: t('name'), dataIndex: 'name' },
                {
                  title: t('challenge.kind'),
                  render: (_, one) => <Tag>{t(`challenge.kinds.${one.kind}`)}</Tag>,
                },
                { title: t('challenge.says'), dataIndex: 'says' },
              ]}
            />
          ) : (
            <Nothing text={t('challenge.none')} action={design} />
          )}
        </Card>
        <Card title={t('challenge.badges')} loading={found.isPending}>
          {data?.badges.length ? (
            <Table
              size="middle"
              rowKey="badge"
              dataSource={data.badges}
              pagination={false}
              columns={[
                { title: t('name'), dataIndex: 'name' },
                { title: t('challenge.picture'), dataIndex: 'picture' },
                {
                  title: t('challenge.awardedBy'),
                  render: (_, one) => one.rules.join(', ') || '–',
                },
              ]}
            />
          ) : (
            <Nothing text={t('challenge.noBadges')} />
          )}
        </Card>
      </Flex>
    </>
  )
}
