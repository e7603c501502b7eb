using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Durability;

/// <summary>The oracles find each kind of damage when it is made up, and nothing else.</summary>
public sealed class OracleTests
{
    private readonly MessageOracle _oracle = new("queue");

    [Fact]
    public void Nothing_is_wrong_with_a_crash_that_keeps_everything()
    {
        Send(confirmed: true);
        Send(confirmed: true);
        Deliver(0);
        _oracle.Acknowledge(0);
        _oracle.Reconnect();
        Deliver(0);
        _oracle.Acknowledge(0);
        _oracle.ConfirmAcknowledgement(0);
        Deliver(1);
        _oracle.Acknowledge(1);
        _oracle.Drain();
        Assert.Empty(_oracle.Violations);
        Assert.Equal(2, _oracle.ConfirmedCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_in_doubt_may_come_or_not(bool comes)
    {
        Send(confirmed: false);
        Send(confirmed: true);
        _oracle.Reconnect();
        if (comes)
        {
            DeliverAndAcknowledge(0);
        }

        DeliverAndAcknowledge(1);
        _oracle.Drain();
        Assert.Empty(_oracle.Violations);
    }

    [Fact]
    public void A_lost_message_is_found_by_the_next_one()
    {
        Send(confirmed: true);
        Send(confirmed: true);
        Deliver(1);
        AssertFound("queue: 0 was confirmed and lost");
    }

    [Fact]
    public void A_lost_message_is_found_by_an_empty_queue()
    {
        Send(confirmed: true);
        _oracle.Drain();
        AssertFound("queue: 0 was confirmed and lost");
    }

    [Fact]
    public void A_message_that_was_skipped_before_its_confirmation_is_found()
    {
        Send(confirmed: false);
        Send(confirmed: true);
        Deliver(1);
        _oracle.Confirm(0);
        AssertFound("queue: 0 was confirmed and skipped");
    }

    [Fact]
    public void A_message_that_is_gone_without_acknowledgement_is_found()
    {
        Send(confirmed: true);
        Deliver(0);
        _oracle.Reconnect();
        _oracle.Drain();
        AssertFound("queue: 0 was gone without an acknowledgement");
    }

    [Fact]
    public void A_message_that_comes_after_its_acknowledgement_was_confirmed_is_found()
    {
        Send(confirmed: true);
        DeliverAndAcknowledge(0);
        _oracle.ConfirmAcknowledgement(0);
        _oracle.Reconnect();
        Deliver(0);
        AssertFound("queue: 0 came again after its acknowledgement was confirmed");
    }

    [Fact]
    public void A_message_that_comes_twice_without_a_new_connection_is_found()
    {
        Send(confirmed: true);
        Deliver(0);
        Deliver(0);
        AssertFound("queue: 0 came twice on one connection");
    }

    [Fact]
    public void A_message_that_comes_again_as_another_one_is_found()
    {
        Send(confirmed: true);
        Deliver(0);
        _oracle.Reconnect();
        _oracle.Deliver(0, new EntityId([9]));
        AssertFound("queue: 0 came again with another id");
    }

    [Theory]
    [InlineData(true, "queue: 0 came after 1, a second time")]
    [InlineData(false, "queue: 0 came after 1")]
    public void An_older_message_after_a_newer_one_is_found(bool cameBefore, string found)
    {
        Send(confirmed: false);
        Send(confirmed: true);
        if (cameBefore)
        {
            DeliverAndAcknowledge(0);
        }

        DeliverAndAcknowledge(1);
        _oracle.Reconnect();
        Deliver(0);
        AssertFound(found);
    }

    [Fact]
    public void A_message_that_was_refused_or_never_sent_is_found()
    {
        _oracle.Refuse(_oracle.Send());
        Deliver(0);
        Deliver(1);
        AssertFound("queue: 0 came and was never accepted", "queue: 1 came and was never accepted");
    }

    [Fact]
    public void A_change_must_be_there_once_it_was_confirmed_and_may_be_there_while_it_is_in_doubt()
    {
        var value = new DurableValue<int>(0);
        value.Attempt(1);
        value.Confirm();
        value.Attempt(2);
        Assert.True(value.Observe(1));
        Assert.False(value.Observe(2));

        value = new DurableValue<int>(0);
        value.Attempt(1);
        value.Confirm();
        Assert.False(value.Observe(0));

        value = new DurableValue<int>(0);
        value.Attempt(1);
        Assert.True(value.Observe(1));
        Assert.False(value.Observe(0));
        Assert.False(value.Observe(3));
    }

    private void Send(bool confirmed)
    {
        int number = _oracle.Send();
        if (confirmed)
        {
            _oracle.Confirm(number);
        }
    }

    private void Deliver(int number) => _oracle.Deliver(number, new EntityId([(byte)number]));

    private void DeliverAndAcknowledge(int number)
    {
        Deliver(number);
        _oracle.Acknowledge(number);
    }

    private void AssertFound(params string[] violations) => Assert.Equal(violations, _oracle.Violations);
}
