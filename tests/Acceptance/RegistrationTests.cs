using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Subscriptions of queues that are gone, and of clients that are.</summary>
public sealed class RegistrationTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const int Rounds = 30;

    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-256")]
    public async Task One_queue_that_is_gone_fails_alone_among_the_subscriptions_of_a_block()
    {
        const int Queues = 20;
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = await Task.WhenAll(
            Enumerable.Range(0, Queues).Select(_ => owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false }).AsTask()));
        await Task.WhenAll(queues.Select(queue => owner.Client.SendAsync(queue.Unsecured(), "message").AsTask()));
        RecipientQueue gone = queues[7];
        await owner.Client.DeleteAsync(gone);

        await using Wire wire = await _router.ConnectWireAsync();
        await wire.SendAsync([.. queues.Select(queue => wire.Command(SubCommand.Instance, queue.RecipientId, queue.Key))]);
        IReadOnlyList<Answer> answers = await wire.ReceiveAsync(2 * Queues - 1);
        Assert.Equal(
            queues.Select(queue => (queue.RecipientId, queue == gone ? SmpError.Auth : null)),
            answers.Take(Queues).Select(answer => (answer.Entity, answer.Error)));
        Assert.Equal(
            queues.Where(queue => queue != gone).Select(queue => queue.RecipientId).ToHashSet(),
            answers.Skip(Queues).Select(answer => answer.Entity).ToHashSet());
        Assert.All(answers.Skip(Queues), answer => Assert.IsType<MsgResponse>(answer.Response));
    }

    [Fact]
    [Spec("S-260", "S-261", "S-274")]
    public async Task Who_subscribes_and_leaves_at_once_ends_other_subscriptions_and_takes_no_message_along()
    {
        await using Peer first = await _router.ConnectAsync();
        await using Peer sender = await _router.ConnectAsync();
        await using Peer next = await _router.ConnectAsync();
        for (int i = 0; i < Rounds; i++)
        {
            using RecipientQueue queue = await first.Client.CreateQueueAsync();
            await using (Wire leaving = await _router.ConnectWireAsync())
            {
                await leaving.SendAsync(leaving.Command(SubCommand.Instance, queue.RecipientId, queue.Key));
            }

            Assert.Equal(queue.RecipientId, (await first.NextAsync<SubscriptionEnded>()).Entity);
            await sender.Client.SendAsync(queue.Unsecured(), $"{i}");
            await next.Client.SubscribeAsync(queue);
            Assert.Equal($"{i}", await next.ReceiveAsync(queue));
        }

        Assert.Empty(await first.CloseAsync());
    }
}
