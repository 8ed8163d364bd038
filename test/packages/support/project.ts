import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'

const run = promisify(execFile)

/** What a user's shell has, and nothing that a test runner or a script of npm has put into ours. */
export const environment = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '/root',
  LANG: 'C.UTF-8',
}

/** A folder with a package.json, in which npm has installed packages. Removed by `using`. */
export class Project implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-project-'))

  static async create(
    dependencies: Readonly<Record<string, string>>,
    registry: string = inject('registry'),
  ): Promise<Project> {
    const project = new Project()
    project.write('package.json', JSON.stringify({ name: 'app', private: true, dependencies }))
    project.write('.npmrc', `registry=${registry}\ncache=${project.path('.npm')}\naudit=false\nfund=false\n`)
    try {
      await run('npm', ['install'], { cwd: project.folder, env: environment })
    } catch (error) {
      project[Symbol.dispose]()
      throw error
    }
    return project
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: string): string {
    const path = this.path(name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  /** Runs a program that was given as text, and returns what it printed as JSON. */
  async run<T>(name: string, text: string, { env = {}, options = [] as readonly string[] } = {}): Promise<T> {
    const file = this.write(name, text)
    const { stdout } = await run(process.execPath, [...options, file], {
      cwd: this.folder,
      env: { ...environment, ...env },
    })
    return JSON.parse(stdout) as T
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
