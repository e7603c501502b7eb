using System.Globalization;
using SimplexActors.Client;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Control;

/// <summary>Lines, roles and bounds of the control port.</summary>
public sealed class ControlSessionTests(ControlFixture fixture) : IClassFixture<ControlFixture>
{
    private const string Id = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly ControlledRouter _router = fixture.Router;

    [Fact]
    [Spec("S-032", "O-230")]
    public async Task It_listens_on_one_address_of_this_machine_only()
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        string port = _router.Port.ToString("X4", CultureInfo.InvariantCulture);
        string[] listening = [.. File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A" && fields[1].EndsWith(":" + port, StringComparison.Ordinal))
            .Select(fields => fields[1])];
        Assert.Equal(["0100007F:" + port], listening);
    }

    [Theory]
    [InlineData("help", ControlSessionClient.Help)]
    [InlineData("help\r", ControlSessionClient.Help)]
    [InlineData("nonsense", "error: Failed reading: bad ControlProtocol command")]
    [InlineData("HELP", "error: Failed reading: bad ControlProtocol command")]
    [InlineData(" help", "error: Failed reading: bad ControlProtocol command")]
    [InlineData("help ", "error: endOfInput")]
    [InlineData("stats more", "error: endOfInput")]
    [InlineData("auth", "error: not enough input")]
    [InlineData("auth two words", "error: endOfInput")]
    [InlineData("auth a@b", "error: Failed reading: bad argument of auth")]
    [InlineData("auth a:b", "error: Failed reading: bad argument of auth")]
    [InlineData("auth a/b", "error: Failed reading: bad argument of auth")]
    [InlineData("auth ", "error: Failed reading: bad argument of auth")]
    [InlineData("status not*base64", "error: Failed reading: bad argument of status")]
    [InlineData("status  " + Id, "error: endOfInput")]
    [InlineData("block " + Id, "error: not enough input")]
    [InlineData("block " + Id + " reason=none", "error: Failed reading: bad argument of block")]
    [InlineData("block " + Id + " reason=spam,notice={", "error: Failed reading: bad argument of block")]
    [InlineData("block " + Id + " reason=spam,notice=[]", "error: Failed reading: bad argument of block")]
    [Spec("O-231", "O-232", "O-237", "S-370")]
    public async Task A_line_is_a_command_or_a_mistake(string line, string answer)
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        await session.SendAsync($"\n\r\n{line}\n");
        Assert.Equal(answer, await session.ReadLineAsync());

        // The session goes on, and empty lines were not answered.
        await session.SendAsync("help\n");
        Assert.Equal(ControlSessionClient.Help, await session.ReadLineAsync());
    }

    [Fact]
    [Spec("O-233")]
    public async Task Quit_is_the_end()
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        await session.SendAsync("quit\n");
        Assert.Null(await session.ReadLineAsync());
    }

    [Theory]
    [InlineData("stats-rts", 0)]
    [InlineData("stats", 1)]
    [InlineData("sockets", 1)]
    [InlineData("server-info", 1)]
    [InlineData("status " + Id, 1)]
    [InlineData("block " + Id + " reason=spam", 1)]
    [InlineData("unblock " + Id, 1)]
    [InlineData("clients", 2)]
    [InlineData("threads", 2)]
    [InlineData("socket-threads", 2)]
    [InlineData("delete " + Id, 2)]
    [InlineData("save", 2)]
    [InlineData("suspend", 2)]
    [InlineData("resume", 2)]
    [Spec("O-235", "O-238", "O-239", "O-240", "O-241", "O-242", "O-243", "O-244", "O-245", "O-246", "O-247", "O-248", "O-249", "O-250", "S-370")]
    public async Task Every_command_has_its_role(string command, int needs)
    {
        using ControlSessionClient nobody = await _router.ConnectAsync();
        using ControlSessionClient user = await _router.UserAsync();
        using ControlSessionClient admin = await _router.AdminAsync();
        Assert.Equal(needs > 0, await nobody.AskAsync(command) is ["AUTH"]);
        Assert.Equal(needs > 1, await user.AskAsync(command) is ["AUTH"]);
        Assert.NotEqual(["AUTH"], await admin.AskAsync(command));
    }

    [Fact]
    [Spec("O-234", "S-370")]
    public async Task The_first_right_password_fixes_the_role()
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        Assert.Equal("Current role is CPRNone", await session.AskOneAsync("auth wrong"));
        Assert.Equal("Current role is CPRUser", await session.AskOneAsync($"auth {ControlledRouter.User}"));
        Assert.Equal("Current role is CPRUser", await session.AskOneAsync($"auth {ControlledRouter.User}"));
        Assert.Equal("Current role is CPRUser, start new session to change.", await session.AskOneAsync($"auth {ControlledRouter.Admin}"));
        Assert.Equal("Current role is CPRUser, start new session to change.", await session.AskOneAsync("auth wrong"));
        Assert.Equal("AUTH", await session.AskOneAsync("clients"));
    }

    [Fact]
    [Spec("O-234")]
    public async Task A_password_that_is_not_set_never_matches()
    {
        await using ControlledRouter open = await ControlledRouter.StartAsync(null, "control.admin_password=", "control.user_password=");
        using ControlSessionClient session = await open.ConnectAsync();
        Assert.Equal("Current role is CPRNone", await session.AskOneAsync("auth x"));
        Assert.Equal("error: Failed reading: bad argument of auth", await session.AskOneAsync("auth "));
    }

    [Fact]
    [Spec("O-634")]
    public async Task Who_guesses_passwords_is_disconnected()
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        for (int i = 0; i < 5; i++)
        {
            await session.SendAsync($"auth wrong{i}\n");
            Assert.Equal("Current role is CPRNone", await session.ReadLineAsync());
        }

        Assert.Null(await session.ReadLineAsync());
    }

    [Fact]
    [Spec("O-230")]
    public async Task A_line_without_end_is_cut()
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        await session.SendAsync(new string('a', 100_000));
        string? answer = await session.ReadLineAsync();
        Assert.True(answer is null or "error: the line is too long", answer);
        Assert.Null(answer is null ? null : await session.ReadLineAsync());
    }

    [Fact]
    [Spec("O-232")]
    public async Task Anything_can_be_sent()
    {
        using ControlSessionClient session = await _router.ConnectAsync();
        await session.SendAsync([0xFF, 0xFE, 0x00, (byte)' ', 0x80, (byte)'\n']);
        Assert.Equal("error: Failed reading: bad ControlProtocol command", await session.ReadLineAsync());
        Assert.Empty(await session.AskAsync(""));
    }

    [Fact]
    [Spec("O-230")]
    public async Task There_are_few_sessions_and_clients_notice_nothing()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync();
        var sessions = new List<ControlSessionClient>();
        try
        {
            for (int i = 0; i < 16; i++)
            {
                sessions.Add(await router.ConnectAsync());
            }

            using ControlSessionClient refused = await ControlSessionClient.ConnectSilentlyAsync(router.Port);
            Assert.Null(await refused.ReadLineAsync());
            await using Support.Peer peer = await router.Router.ConnectAsync();
            using RecipientQueue queue = await peer.Client.CreateQueueAsync();
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    [Fact]
    [Spec("O-230")]
    public async Task Without_a_port_there_is_none_and_open_sessions_do_not_delay_the_end()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync();
        using ControlSessionClient session = await router.AdminAsync();
        await router.Router.StopAsync(RouterProgram.Sigterm);
        Assert.Null(await session.ReadLineAsync());
        await using ControlledRouter off = await ControlledRouter.StartAsync(null, "control.port=0");
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => ControlSessionClient.ConnectSilentlyAsync(off.Port));
    }
}
