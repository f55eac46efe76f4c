/** The frame of pages for people who have not signed in yet. */
import { Card, Flex, Layout, Typography } from 'antd'
import type { ReactNode } from 'react'

import { Brand } from './Brand'
import { LookSwitches } from './LookSwitches'

export function DoorPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <Flex justify="end" style={{ padding: 16 }}>
        <LookSwitches />
      </Flex>
      <Flex
        component="main"
        vertical
        align="center"
        gap="large"
        style={{ padding: '6vh 16px 16px' }}
      >
        <Brand />
        <Card style={{ width: '100%', maxWidth: 400 }}>
          <Typography.Title level={1} style={{ fontSize: 20, marginTop: 0 }}>
            {title}
          </Typography.Title>
          {children}
        </Card>
      </Flex>
    </Layout>
  )
}
