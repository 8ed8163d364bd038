/**
 * Names the tests that passed only at a second try, which CI gives them: other work on the machine may starve a process for seconds. Each of
 * them has a fault, in the test or in what it tests, and is to be looked at.
 */
export default class SecondTryReporter {
  onTestRunEnd(modules) {
    const flaky = modules.flatMap((module) =>
      [...module.children.allTests()].filter((test) => test.diagnostic()?.flaky),
    )
    for (const test of flaky)
      console.log(`PASSED ONLY AT A SECOND TRY: ${test.module.relativeModuleId}: ${test.fullName}`)
  }
}
