/** The menu, the bar above, and the page between. */
import { MenuOutlined, SearchOutlined } from '@ant-design/icons'
import { Button, Drawer, Flex, Grid, Layout, Menu, Skeleton, theme, type MenuProps } from 'antd'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, useLocation, useNavigation } from 'react-router'

import { AccountMenu } from './AccountMenu'
import { AREAS, areaOf, grouped } from './areas'
import { Brand } from './Brand'
import { CommandPalette, usePalette } from './CommandPalette'
import { LookSwitches } from './LookSwitches'
import { useReachableScrolls } from './reachable'
import { useMay } from './session'

export function Frame() {
  const { t } = useTranslation('shell')
  const { token } = theme.useToken()
  const isWide = Grid.useBreakpoint().lg ?? true
  const [isMenuOpen, setMenuOpen] = useState(false)
  const palette = usePalette()
  useReachableScrolls()
  const isMoving = useNavigation().state === 'loading'
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="for-readers" href="#page">
        {t('skip')}
      </a>
      {isWide && (
        <Layout.Sider
          width={208}
          theme="light"
          style={{
            position: 'sticky',
            top: 0,
            height: '100vh',
            overflow: 'auto',
            borderInlineEnd: `1px solid ${token.colorBorderSecondary}`,
          }}
        >
          <Brand />
          <AreaMenu />
        </Layout.Sider>
      )}
      <Layout>
        <Layout.Header
          style={{
            position: 'sticky',
            top: 0,
            zIndex: 20,
            display: 'flex',
            alignItems: 'center',
            gap: 8,
            background: token.colorBgContainer,
            borderBottom: `1px solid ${token.colorBorderSecondary}`,
          }}
        >
          {!isWide && (
            <Button
              type="text"
              icon={<MenuOutlined />}
              aria-label={t('menu')}
              onClick={() => setMenuOpen(true)}
            />
          )}
          <Button
            icon={<SearchOutlined />}
            onClick={palette.open}
            style={{ color: token.colorTextSecondary }}
          >
            {isWide ? `${t('palette.hint')}  ⌘K` : t('palette.hint')}
          </Button>
          <Flex align="center" style={{ marginInlineStart: 'auto' }}>
            <LookSwitches />
            <AccountMenu />
          </Flex>
        </Layout.Header>
        <Layout.Content
          id="page"
          aria-busy={isMoving}
          style={{ padding: isWide ? 24 : 12, minWidth: 0 }}
        >
          <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>
            <Outlet />
          </Suspense>
        </Layout.Content>
      </Layout>
      <Drawer
        open={isMenuOpen && !isWide}
        placement="left"
        size={240}
        title={<Brand />}
        onClose={() => setMenuOpen(false)}
        styles={{ body: { padding: 0 } }}
      >
        <AreaMenu onChoose={() => setMenuOpen(false)} />
      </Drawer>
      <CommandPalette isOpen={palette.isOpen} onClose={palette.close} />
    </Layout>
  )
}

function AreaMenu({ onChoose }: { onChoose?: () => void }) {
  const may = useMay()
  const area = areaOf(useLocation().pathname)
  const { t } = useTranslation(['shell', ...AREAS.map((one) => one.key)])
  return (
    <nav aria-label={t('menu')}>
      <Menu
        mode="inline"
        style={{ border: 'none' }}
        selectedKeys={area ? [area.key] : []}
        onClick={onChoose}
        items={grouped(AREAS.filter((one) => !one.scope || may(one.scope))).flatMap(
          ([group, areas]): NonNullable<MenuProps['items']> => {
            const items = areas.map((one) => ({
              key: one.key,
              icon: one.icon,
              label: <Link to={one.path}>{t(`${one.key}:area`)}</Link>,
            }))
            if (!group) return items
            return [{ key: group, type: 'group', label: t(`groups.${group}`), children: items }]
          },
        )}
      />
    </nav>
  )
}
