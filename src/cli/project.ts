import { projectFile } from '../library/project-file.ts';

/** Takes in the configuration of the project that a folder is in; costs nothing where there is none. */
export async function loadProjectOf(dir: string): Promise<void> {
  if (projectFile(dir) === undefined) return;
  const { loadProject } = await import('../library/project.ts');
  await loadProject(dir);
}
