/** Every address of the console. */
import { createBrowserRouter, Outlet } from 'react-router'

import { AREAS } from './areas'
import { Frame } from './Frame'
import { LostPage, BrokenPage } from './lost'
import { SessionGate } from './SessionGate'

export const router = createBrowserRouter(
  [
    {
      errorElement: <BrokenPage />,
      // Nothing, for the moment until the first page's file is there.
      hydrateFallbackElement: <></>,
      element: <Outlet />,
      children: [
        { path: '/invitation', lazy: () => import('./InvitationPage') },
        { path: '/password', lazy: () => import('./PasswordPage') },
        {
          element: (
            <SessionGate>
              <Frame />
            </SessionGate>
          ),
          children: [
            {
              errorElement: <BrokenPage />,
              children: [
                ...AREAS.flatMap((area) => area.routes),
                { path: '*', element: <LostPage /> },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: '/console' },
)
