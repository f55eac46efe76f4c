/** What a simulation found. */
import type { Schemas } from '@regulars/shared/api/client'

export type Result = Schemas['SimulationResult']
