from agents.breaker import Breaker


def test_it_opens_after_some_failures_in_a_row_and_closes_after_its_rest():
    seconds = [0.0]
    breaker = Breaker(failures=2, rest_s=60, now_s=lambda: seconds[0])

    breaker.note(failed=True)
    after_one = breaker.is_open()
    breaker.note(failed=True)
    after_two = breaker.is_open()
    seconds[0] = 60.0

    assert (after_one, after_two, breaker.is_open()) == (False, True, False)


def test_one_success_forgets_the_failures_before_it():
    breaker = Breaker(failures=2, rest_s=60)

    for failed in (True, False, True):
        breaker.note(failed=failed)

    assert not breaker.is_open()


def test_a_failure_after_the_rest_opens_it_again_at_once():
    seconds = [0.0]
    breaker = Breaker(failures=2, rest_s=60, now_s=lambda: seconds[0])
    for _ in range(2):
        breaker.note(failed=True)
    seconds[0] = 61.0

    breaker.note(failed=True)

    assert breaker.is_open()
