using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Load;

/// <summary>The oracle finds what it is there for.</summary>
public sealed class QueueHistoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly QueueHistory _history;

    public QueueHistoryTests() => _history = new("queue", _time);

    [Fact]
    public void Finds_nothing_when_all_is_well()
    {
        Confirm(0, 1, 2);
        Deliver(0, 1, 2);
        Assert.True(_history.IsDrained);
        QueueVerdict verdict = _history.Judge();
        Assert.True(verdict.IsGood);
        Assert.Equal(3, verdict.Confirmed);
    }

    [Fact]
    public void Finds_a_lost_message()
    {
        Confirm(0, 1, 2);
        Deliver(0, 2);
        Assert.False(_history.IsDrained);
        Assert.Equal((1, false), (_history.Judge().Lost, _history.Judge().IsGood));
    }

    [Fact]
    public void Finds_a_doubled_message()
    {
        Confirm(0, 1);
        Deliver(0, 1, 0);
        Assert.Equal((1, false), (_history.Judge().Duplicated, _history.Judge().IsGood));
    }

    [Fact]
    public void Finds_a_message_that_comes_again_after_its_acknowledgement_but_not_one_that_came_with_it()
    {
        Confirm(0, 1);
        Deliver(0);
        int acknowledged = _history.Acknowledged;
        Deliver(1);
        _history.Deliver(0);
        _history.Settle(acknowledged);
        _history.Deliver(1);
        Assert.True(_history.Judge().IsGood);
        _history.Deliver(0);
        Assert.Equal((1, false), (_history.Judge().Duplicated, _history.Judge().IsGood));
    }

    [Fact]
    public void Finds_swapped_messages()
    {
        Confirm(0, 1, 2);
        Deliver(0, 2, 1);
        Assert.Equal((1, false), (_history.Judge().Reordered, _history.Judge().IsGood));
    }

    [Fact]
    public void Finds_an_ended_subscription_and_a_message_that_nobody_sent()
    {
        _history.End();
        Assert.Equal((1, false), (_history.Judge().Ended, _history.Judge().IsGood));
        _history.Deliver(7);
        Assert.Contains("queue: 7 came and was never sent", _history.Judge().Others);
    }

    [Fact]
    public void Finds_a_refused_message_that_was_delivered()
    {
        _history.Refuse(_history.Send());
        Deliver(0);
        Assert.False(_history.Judge().IsGood);
    }

    [Fact]
    public void Lets_a_message_in_doubt_come_late_or_never_and_an_unacknowledged_one_again()
    {
        _history.Send();
        _history.Send();
        Confirm(2, 3);
        _history.Deliver(2);
        Deliver(2, 0, 3);
        QueueVerdict verdict = _history.Judge();
        Assert.True(verdict.IsGood);
        Assert.Equal(2, verdict.InDoubt);
    }

    [Fact]
    public async Task A_queue_is_served_when_a_later_message_was_confirmed_and_delivered()
    {
        Confirm(0);
        Task<TimeSpan> served = _history.ServedAsync();
        Deliver(0);
        Confirm(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(served.IsCompleted);
        Deliver(1);
        Assert.Equal(TimeSpan.FromSeconds(2), await served);
    }

    private void Confirm(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            Assert.Equal(number, _history.Send());
            _history.Confirm(number);
        }
    }

    private void Deliver(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            _history.Deliver(number);
            _history.ConfirmAcknowledgement(number);
        }
    }
}
