/** The pages of the ledger under one head, each behind its tab and its address. */
import { api } from '@regulars/shared/api/client'
import { Badge, Space, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation, useNavigate } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { useMay } from '../shell/session'

const LOOK_EVERY_MS = 60_000
const PAGES = [
  ['transfers', 'ledger:read'],
  ['liability', 'ledger:read'],
  ['approvals', 'approvals:read'],
  ['verification', 'ledger:read'],
  ['exports', 'exports:read'],
] as const

export function Component() {
  const { t } = useTranslation('ledger')
  const may = useMay()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const active = PAGES.find(([page]) => pathname.startsWith(`/ledger/${page}`))?.[0]
  const { data } = api.useQuery(
    'get',
    '/v1/approvals',
    { params: { query: { state: 'waiting', limit: 100 } } },
    { enabled: may('approvals:read'), refetchInterval: LOOK_EVERY_MS },
  )
  const waiting = data?.items.length ?? 0
  return (
    <>
      <PageHead title={t('title')} sub={active && t(`sub.${active}`)} />
      <Tabs
        activeKey={active ?? 'transfers'}
        onChange={(page) => void navigate(`/ledger/${page}`)}
        items={PAGES.filter(([, scope]) => may(scope)).map(([page]) => ({
          key: page,
          label:
            page === 'approvals' && waiting > 0 ? (
              <Space size={6}>
                {t(`tab.${page}`)}
                <Badge count={waiting} size="small" title={t('approvals.waitingCount')} />
              </Space>
            ) : (
              t(`tab.${page}`)
            ),
        }))}
      />
      <Outlet />
    </>
  )
}
