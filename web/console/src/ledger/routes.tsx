/** The books: transfers, the liability, what waits for a second person, proofs, files to take along. */
import { AccountBookOutlined } from '@ant-design/icons'
import { Navigate } from 'react-router'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'ledger',
  order: 40,
  path: '/ledger',
  group: 'house',
  icon: <AccountBookOutlined />,
  scope: 'ledger:read',
  routes: [
    {
      path: '/ledger',
      lazy: () => import('./LedgerFrame'),
      children: [
        { index: true, element: <Navigate to="/ledger/transfers" replace /> },
        { path: 'transfers', lazy: () => import('./TransfersPage') },
        { path: 'liability', lazy: () => import('./LiabilityPage') },
        { path: 'approvals', lazy: () => import('./ApprovalsPage') },
        { path: 'verification', lazy: () => import('./VerificationPage') },
        { path: 'exports', lazy: () => import('./ExportsPage') },
      ],
    },
  ],
}
