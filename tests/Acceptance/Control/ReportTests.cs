using System.Globalization;
using System.Text.RegularExpressions;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Control;

/// <summary>What the control port tells about a running router.</summary>
public sealed partial class ReportTests
{
    [Fact]
    [Spec("O-239", "O-243", "O-245")]
    public async Task Clients_sockets_and_subscriptions_are_told()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync();
        using ControlSessionClient admin = await router.AdminAsync();
        using ControlSessionClient user = await router.UserAsync();
        Assert.Equal(["clientId,sessionId,connected,createdAt,rcvActiveAt,sndActiveAt,age,subscriptions"], await admin.AskAsync("clients"));
        await using Peer first = await router.Router.ConnectAsync();

        // A client is connected before the router has taken its hello.
        await first.Client.PingAsync();
        await using Peer second = await router.Router.ConnectAsync();
        using RecipientQueue one = await first.Client.CreateQueueAsync();
        using RecipientQueue two = await first.Client.CreateQueueAsync();
        using RecipientQueue three = await second.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        using QueueNotifications notifications = await first.Client.EnableNotificationsAsync(one);
        await second.Client.SubscribeAsync(notifications.Notifier);

        string[] clients = await admin.AskAsync("clients");
        Assert.Equal(3, clients.Length);
        Match row = Row().Match(clients[1]);
        Assert.True(row.Success, clients[1]);
        Assert.Equal(["1", "2"], [row.Groups["id"].Value, row.Groups["subscriptions"].Value]);
        Assert.Equal(32, Convert.FromBase64String(row.Groups["session"].Value).Length);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(long.Parse(row.Groups["created"].Value, CultureInfo.InvariantCulture), now - 300, now + 1);
        Assert.EndsWith(",0", clients[2]);

        string[] sockets = await user.AskAsync("sockets");
        Assert.Equal(
            [$"Sockets for port {router.Router.Address.Port}:", "accepted: 2", "closed: 0", "active: 2", "leaked: 0"],
            sockets);

        string[] info = await user.AskAsync("server-info");
        Assert.Matches("^Threads: [1-9][0-9]*$", info[0]);
        Assert.Equal(
            [
                "Clients: 2",
                "SMP subscriptions: 2", "SMP subscribed clients: 1", "SMP subscribed clients count 2: 1",
                "Ntf subscriptions: 1", "Ntf subscribed clients: 1 [2]", "Ntf subscribed clients count 2: 1 fromList [2]",
            ],
            info[1..]);
        string[] more = await admin.AskAsync("server-info");
        Assert.Equal(
            [
                "Clients: 2",
                "Client queues (rcvQ, sndQ, msgQ): (0,0,0)",
                "SMP subscriptions (via clients): 2",
                "SMP subscriptions (by group: NoSub, SubPending, SubThread, ProhibitSub): (2,0,0,0)",
                "SMP subscribed clients (via clients): 1",
                "SMP subscribed clients queues (via clients, rcvQ, sndQ, msgQ): (0,0,0)",
                "Ntf subscriptions (via clients): 1",
                "Ntf subscribed clients (via clients): 1",
                "Ntf subscribed clients queues (via clients, rcvQ, sndQ, msgQ): (0,0,0)",
                .. info[2..],
            ],
            more[1..]);
    }

    [Fact]
    [Spec("O-240", "O-241", "O-242", "O-244", "O-238")]
    public async Task Numbers_and_threads_are_told()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync();
        using ControlSessionClient admin = await router.AdminAsync();
        using ControlSessionClient user = await router.UserAsync();
        await using Peer peer = await router.Router.ConnectAsync();
        using RecipientQueue queue = await peer.Client.CreateQueueAsync();
        await peer.Client.SendAsync(queue.Unsecured(), "x");

        string[] numbers = await user.AskAsync("stats");
        Assert.Matches(@"^fromTime: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} UTC$", numbers[0]);
        Assert.All((string[])["qCreated: 1", "msgSent: 1", "qCount: 1", "qCount 2: 1", "msgCount: 1", "notifiers: 0", "daily active queues: 1"], line => Assert.Contains(line, numbers));
        Assert.Equal(["rcvServiceCount: 0", "ntfServiceCount: 0", "rcvServiceQueuesCount: 0", "ntfServiceQueuesCount: 0"], numbers[^4..]);
        Assert.Contains("pRelays: requests=0, successes=0, errorsConnect=0, errorsCompat=0, errorsOther=0", numbers);
        Assert.DoesNotContain("ntfCount 2: 0", numbers);
        string[] more = await admin.AskAsync("stats");
        Assert.Equal(["ntfCount 2: 0"], more.Except(numbers));

        Assert.Matches("gcs = [0-9]+, .*live_bytes = [1-9][0-9]*", await user.AskOneAsync("stats-rts"));
        string[] threads = await admin.AskAsync("threads");
        Assert.Matches("^Threads: [1-9][0-9]*$", threads[0]);
        int[] ids = [.. threads[1..].Select(line => int.Parse(Regex.Match(line, @"^(\d+) \(\w+\) .+$").Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Order(), ids);
        Assert.StartsWith("Not available", await admin.AskOneAsync("socket-threads"));
        Assert.Equal("suspend not implemented", await admin.AskOneAsync("suspend"));
        Assert.Equal("resume not implemented", await admin.AskOneAsync("resume"));
    }

    [Fact]
    [Spec("S-425")]
    public async Task Queues_of_services_are_counted_in_all()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync();
        using ControlSessionClient user = await router.UserAsync();
        using TestService service = await TestService.CreateAsync();
        await using Peer owner = await router.Router.ConnectAsync();
        using RecipientQueue later = await owner.Client.CreateQueueAsync();
        await using (Peer first = await service.ConnectAsync(router.Router))
        {
            using RecipientQueue one = await first.Client.CreateQueueAsync();
            using RecipientQueue two = await first.Client.CreateQueueAsync();
        }

        await using Peer again = await service.ConnectAsync(router.Router);
        Assert.Equal(2, (await again.Client.SubscribeServiceAsync()).Count);
        Assert.Contains("rcvServiceQueuesCount: 2", await user.AskAsync("stats"));
        await again.Client.SubscribeAsync(later);
        Assert.Contains("rcvServiceQueuesCount: 3", await user.AskAsync("stats"));
        Assert.Equal(3, (await again.Client.SubscribeServiceAsync()).Count);
        Assert.Contains("rcvServiceQueuesCount: 3", await user.AskAsync("stats"));
    }

    [Fact]
    [Spec("S-396", "S-493", "O-250", "O-211", "O-616")]
    public async Task Saving_harms_nothing_and_keeps_what_was_counted()
    {
        using var folder = new TemporaryFolder();
        await using (ControlledRouter router = await ControlledRouter.StartAsync(folder.Path))
        {
            using ControlSessionClient admin = await router.AdminAsync();
            await using Peer peer = await router.Router.ConnectAsync();
            using RecipientQueue queue = await peer.Client.CreateQueueAsync();
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(["saving server state...", "server state saved!"], await admin.AskAsync("save"));
                await peer.Client.SendAsync(queue.Unsecured(), $"after {i}");
                Assert.Equal($"after {i}", await peer.ReceiveAsync(queue));
                using RecipientQueue another = await peer.Client.CreateQueueAsync();
            }

            Assert.Equal(["saving server state...", "server state saved!"], await admin.AskAsync("save"));
            router.Router.Program.Signal(RouterProgram.Sigkill);
            await router.Router.Program.ExitAsync();
        }

        // Killed: what was saved is there.
        await using ControlledRouter again = await ControlledRouter.StartAsync(folder.Path);
        using ControlSessionClient later = await again.UserAsync();
        string[] numbers = await later.AskAsync("stats");
        Assert.Contains("qCreated: 4", numbers);
        Assert.Contains("msgRecv: 3", numbers);
        Assert.Contains("qCount: 4", numbers);
    }

    [GeneratedRegex(@"^(?<id>\d+),(?<session>[A-Za-z0-9+/]+=*),True,(?<created>\d+),\d+,\d+,\d+,(?<subscriptions>\d+)$")]
    private static partial Regex Row();
}
