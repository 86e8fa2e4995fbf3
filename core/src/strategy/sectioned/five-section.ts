import { defineStrategy } from '../strategy.ts';
import { evaluateSections } from './evaluate.ts';
import { onFailed, onOrder, onPause, onPosition, onRestart, onResume } from './events.ts';
import { memoryOf, takeRecords, type Memory } from './memory.ts';
import { sectionedFaults, sectionedSettings } from './params.ts';
import { sectionedWords } from './words.ts';
import { programOf, type Program } from './program.ts';

/** Strategies of five sections of conditions: S1 spots, O1 drops, Z1 enters, ZE1 exits, E1 saves (03, section 3). */
export const fiveSection = defineStrategy<Program, Memory>({
  id: 'five-section',
  kind: 'sectioned',
  version: '1.0.0',
  title: 'Five sections',
  paramsSchema: sectionedSettings.transform(programOf),
  needs: ({ needs }) => needs,
  liveFaults: ({ settings }) => sectionedFaults(settings),
  init: memoryOf,
  evaluate: evaluateSections,
  onOrder,
  onPosition,
  onPause,
  onResume,
  onFailed,
  onRestart,
  takeRecords,
  describe: sectionedWords,
});
